//! The line between a gateway and PostgreSQL, which a test cuts and mends.

use std::net::{SocketAddr, TcpListener as Std};

use concierge::config::DatabaseUrl;
use reqwest::Url;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// A line; it is whole at first, and gone with the test.
pub struct Cable {
    whole: watch::Sender<bool>,
    loud: watch::Sender<bool>,
    _carrying: AbortOnDropHandle<()>,
}

impl Cable {
    /// A line to a database, and its address by that line.
    pub fn to(url: &DatabaseUrl) -> (Self, DatabaseUrl) {
        let mut url = Url::parse(url.expose()).unwrap();
        let far = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = Std::bind("127.0.0.1:0").unwrap();
        let near: SocketAddr = listener.local_addr().unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(near.port())).unwrap();
        let (whole, is_whole) = watch::channel(true);
        let (loud, is_loud) = watch::channel(true);
        let carrying = AbortOnDropHandle::new(tokio::spawn(carry(listener, far, is_whole, is_loud)));
        (Self { whole, loud, _carrying: carrying }, DatabaseUrl::new(url.as_str()))
    }

    /// Every connection ends, and none comes about.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub fn mend(&self) {
        self.whole.send_replace(true);
    }

    /// What is sent from now on arrives nowhere, and neither end is told: what was connected stays so, for nothing.
    /// What is connected once the line is loud again is carried.
    pub fn hush(&self) {
        self.loud.send_replace(false);
    }

    pub fn speak(&self) {
        self.loud.send_replace(true);
    }
}

async fn carry(listener: Std, far: String, is_whole: watch::Receiver<bool>, is_loud: watch::Receiver<bool>) {
    listener.set_nonblocking(true).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (mut near, _) = listener.accept().await.unwrap();
        let (far, whole, loud) = (far.clone(), is_whole.clone(), is_loud.clone());
        // What is dropped is closed.
        tokio::spawn(async move {
            if *whole.borrow() {
                let mut far = TcpStream::connect(far).await.unwrap();
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => {}
                    () = no_longer(whole.clone()) => {}
                    // Kept, and never looked at again.
                    () = no_longer(loud) => no_longer(whole).await,
                }
            }
        });
    }
}

async fn no_longer(mut state: watch::Receiver<bool>) {
    let _ = state.wait_for(|state| !state).await;
}
