//! A network between a client and the gateway, which a test can cut.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on. Its address stays when they are cut.
pub struct Relay {
    pub url: String,
    cuts: watch::Sender<u32>,
}

impl Relay {
    pub async fn to(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (cuts, _) = watch::channel(0);
        let relay = Self { url: format!("http://{}", listener.local_addr().unwrap()), cuts: cuts.clone() };
        let target = url.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, target.clone(), cuts.subscribe()));
            }
        });
        relay
    }

    /// Ends all connections that are open now, without a word.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

async fn pass(mut client: TcpStream, target: String, mut cuts: watch::Receiver<u32>) {
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = cuts.changed() => {}
    }
}
