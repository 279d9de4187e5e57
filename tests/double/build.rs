//! The protocol, compiled without any program that would have to be installed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = protox::compile(["streams.proto", "gossip.proto", "serverfeatures.proto"], ["proto"])?;
    tonic_build::configure().build_client(false).compile_fds(files)?;
    println!("cargo:rerun-if-changed=proto");
    Ok(())
}
