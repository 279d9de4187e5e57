use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tonic::transport::server::Connected;

/// A connection that acknowledges at once what comes in.
///
/// The client writes a request in two pieces and does not send the second before the first is acknowledged; a system that
/// waits 40 ms with that makes every call so much longer. Tests have thousands of calls.
pub(crate) struct Prompt {
    stream: TcpStream,
    leisurely: bool,
}

impl Prompt {
    pub(crate) fn new(stream: TcpStream, leisurely: bool) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, leisurely })
    }

    /// Has to be said again each time; where it cannot be said, calls are slow.
    fn acknowledge(&self) {
        #[cfg(target_os = "linux")]
        if !self.leisurely {
            let _ = self.stream.set_quickack(true);
        }
    }
}

impl Connected for Prompt {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Prompt {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.acknowledge();
        read
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
