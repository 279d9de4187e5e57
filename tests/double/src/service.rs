//! Who may ask, who leads, and what is said about the cluster.

use std::{
    pin::Pin,
    sync::{Arc, atomic::Ordering},
};

use futures::Stream;
use tonic::{Code, Request, Response, Status, Streaming, metadata::MetadataMap};

use crate::{
    faults::How,
    pb::{
        Empty,
        gossip::{ClusterInfo, EndPoint, MemberInfo, gossip_server::Gossip, member_info::VNodeState},
        server_features::{SupportedMethods, server_features_server::ServerFeatures},
        streams::{AppendReq, AppendResp, ReadReq, ReadResp, streams_server::Streams},
    },
    shared::Shared,
};

/// What one node answers.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) shared: Arc<Shared>,
    pub(crate) number: usize,
    pub(crate) kill: Arc<dyn Fn() + Send + Sync>,
}

impl Service {
    /// Lets a call in: a node that hangs answers nothing, credentials are looked at, and a leader is one.
    async fn admit(&self, metadata: &MetadataMap) -> Result<(), Status> {
        self.awake().await;
        if let Some((user, password)) = &self.shared.options.credentials {
            let wanted = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
            if metadata.get("authorization").is_none_or(|given| given.as_bytes() != wanted.as_bytes()) {
                return Err(Status::unauthenticated("credentials are missing or wrong"));
            }
        }
        let leads = self.shared.leader.load(Ordering::SeqCst) == self.number;
        if !leads && metadata.get("requires-leader").is_some_and(|value| value == "true") {
            return Err(self.not_leader(true));
        }
        Ok(())
    }

    async fn awake(&self) {
        // The sender is kept as long as the node.
        let _ = self.shared.hung[self.number].subscribe().wait_for(|hung| !hung).await;
    }

    /// Fails as it was asked for; in some ways that takes for ever.
    pub(crate) async fn fail(&self, how: How) -> Status {
        match how {
            How::NotLeader => self.not_leader(true),
            How::NotLeaderNowhere => self.not_leader(false),
            How::Kill => {
                self.shared.alive[self.number].store(false, Ordering::SeqCst);
                (self.kill)();
                std::future::pending().await
            }
            _ => match how.status() {
                Some(status) => status,
                None => std::future::pending().await,
            },
        }
    }

    fn not_leader(&self, tell: bool) -> Status {
        let mut trailers = MetadataMap::new();
        trailers.insert("exception", "not-leader".parse().unwrap());
        if tell {
            let leader = self.shared.leader.load(Ordering::SeqCst);
            let port = self.shared.ports.lock().unwrap()[leader];
            trailers.insert("leader-endpoint-host", "127.0.0.1".parse().unwrap());
            trailers.insert("leader-endpoint-port", port.to_string().parse().unwrap());
        }
        Status::with_metadata(Code::NotFound, "leader info available", trailers)
    }
}

#[tonic::async_trait]
impl Streams for Service {
    type ReadStream = Pin<Box<dyn Stream<Item = Result<ReadResp, Status>> + Send>>;

    async fn read(&self, request: Request<ReadReq>) -> Result<Response<Self::ReadStream>, Status> {
        self.admit(request.metadata()).await?;
        let options = request.into_inner().options.ok_or_else(|| Status::invalid_argument("no options"))?;
        self.answer_read(options).await.map(Response::new)
    }

    async fn append(&self, request: Request<Streaming<AppendReq>>) -> Result<Response<AppendResp>, Status> {
        self.admit(request.metadata()).await?;
        self.shared.appends.fetch_add(1, Ordering::SeqCst);
        self.answer_append(request.into_inner()).await.map(Response::new)
    }
}

#[tonic::async_trait]
impl ServerFeatures for Service {
    async fn get_supported_methods(&self, _: Request<Empty>) -> Result<Response<SupportedMethods>, Status> {
        self.awake().await;
        self.shared.connects.fetch_add(1, Ordering::SeqCst);
        Ok(Response::new(SupportedMethods { methods: Vec::new(), event_store_server_version: "23.10.0".to_owned() }))
    }
}

#[tonic::async_trait]
impl Gossip for Service {
    async fn read(&self, _: Request<Empty>) -> Result<Response<ClusterInfo>, Status> {
        self.awake().await;
        self.shared.gossips.fetch_add(1, Ordering::SeqCst);
        let leader = self.shared.leader.load(Ordering::SeqCst);
        let ports = self.shared.ports.lock().unwrap().clone();
        let member = |(number, port): (usize, &u16)| MemberInfo {
            instance_id: None,
            time_stamp: 0,
            state: if number == leader { VNodeState::Leader } else { VNodeState::Follower }.into(),
            is_alive: self.shared.alive[number].load(Ordering::SeqCst),
            http_end_point: Some(EndPoint { address: "127.0.0.1".to_owned(), port: u32::from(*port) }),
        };
        Ok(Response::new(ClusterInfo { members: ports.iter().enumerate().map(member).collect() }))
    }
}

/// RFC 4648, for one header.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
