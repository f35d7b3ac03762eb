//! As little HTTP/1.1 as a load generator needs (RFC 9112): keep-alive, and answers that carry a `content-length`.
//!
//! Called by `load` and `arena`. A real client would cost several times as much, and its cost would be counted against the
//! server, because both share the machine.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that sends one request after the other.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 32 * 1024],
        })
    }

    /// Sends a request and answers the body of a complete answer with status 200.
    ///
    /// # Errors
    /// For any other answer, with its text; the connection is then not to be used again.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let mut body = None;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(2 * filled, 0);
            }
            let count = self.stream.read(&mut self.buffer[filled..]).await?;
            if count == 0 {
                return Err(wrong("the server closed the connection", &self.buffer[..filled]));
            }
            filled += count;
            if body.is_none() {
                body = parse_head(&self.buffer[..filled])?;
            }
            if let Some((start, end)) = body
                && filled >= end
            {
                if filled > end || !self.buffer.starts_with(b"HTTP/1.1 200 ") {
                    return Err(wrong("not the answer that was expected", &self.buffer[..filled]));
                }
                return Ok(&self.buffer[start..end]);
            }
        }
    }
}

/// Where the body begins and ends; none while the head is incomplete.
fn parse_head(bytes: &[u8]) -> io::Result<Option<(usize, usize)>> {
    let Some(length) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&bytes[..length]).map_err(|_| wrong("not HTTP", bytes))?;
    let body = head
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .ok_or_else(|| wrong("an answer without content-length", bytes))?;
    Ok(Some((length + 4, length + 4 + body)))
}

fn wrong(what: &str, answer: &[u8]) -> io::Error {
    let text = String::from_utf8_lossy(&answer[..answer.len().min(600)]);
    io::Error::other(format!("{what}: {text}"))
}

#[cfg(test)]
mod tests {
    use super::parse_head;

    #[test]
    fn the_body_is_found_by_its_length_and_never_guessed() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx-request-id: a\r\n\r\n{}";
        assert_eq!(parse_head(answer).unwrap(), Some((answer.len() - 2, answer.len())));
        assert_eq!(parse_head(&answer[..30]).unwrap(), None);
        assert!(parse_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
