// A real OpenID provider on loopback, for the tests: `node provider.mjs PORT GENERATION`. Its keys are made when it starts and are named
// after the generation, so that a restart under another one is a rotation. It says READY when it answers.

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

import Provider from 'oidc-provider';

const [port, generation] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

// Every client stands for an account; what it may do is in the claims of its tokens.
const accounts = {
  'li': { tongyuan: ['drafter@A1'], tongyuan_person: 'P-17' },
  'li-second': { tongyuan: ['reviewer', 'drafter@A1'], tongyuan_person: 'P-17' },
  'wang': { tongyuan: ['approver@A1', 'clerk@*'], tongyuan_person: 'P-18' },
  'zhao-rs256': { tongyuan: ['auditor'], tongyuan_person: 'P-19' },
  'misspelt': { tongyuan: ['mayor'], tongyuan_person: 'P-20' },
  'no-person': { tongyuan: ['approver@A1'] },
};

async function key(type, alg, options) {
  const { privateKey } = await promisify(generateKeyPair)(type, options);
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: `${generation}-${alg}` };
}

const provider = new Provider(issuer, {
  jwks: { keys: [await key('rsa', 'RS256', { modulusLength: 2048 }), await key('ed25519', 'EdDSA', {})] },
  clients: Object.keys(accounts).map((client_id) => ({
    client_id,
    client_secret: `secret-of-${client_id}`,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource, client) => ({
        audience: resource,
        scope: '',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 600,
        jwt: { sign: { alg: client.clientId.endsWith('-rs256') ? 'RS256' : 'EdDSA' } },
      }),
    },
  },
  extraTokenClaims: (_context, token) => accounts[token.clientId],
});

provider.listen(Number(port), '127.0.0.1', () => console.log('READY'));
