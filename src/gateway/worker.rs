//! One core: its listener, its runtime, its connections on both sides.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ClientConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::gateway::activity::Watch;
use crate::gateway::connection;
use crate::gateway::plan::Plan;
use crate::gateway::pool::Pool;
use crate::gateway::room::Room;

/// What all cores share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) plan: Arc<ArcSwap<Plan>>,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) stop: watch::Receiver<bool>,
    /// Connections of callers, over all cores.
    pub(crate) connections: Arc<AtomicUsize>,
    /// Bytes of the large bodies that are held, over all cores.
    pub(crate) held: Arc<AtomicUsize>,
}

/// One core.
pub(crate) struct Worker {
    shared: Shared,
    pool: Rc<Pool>,
    watch: Rc<Watch>,
    room: Rc<Room>,
    serving: Cell<usize>,
}

impl Worker {
    pub(crate) fn new(shared: Shared) -> Rc<Self> {
        let pool = Pool::new(Arc::clone(&shared.tls));
        let room = Room::new(Arc::clone(&shared.held));
        Rc::new(Self { shared, pool, watch: Rc::default(), room, serving: Cell::new(0) })
    }

    /// The plan as it is now; a call keeps the one it began with.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        self.shared.plan.load_full()
    }

    pub(crate) fn pool(&self) -> &Rc<Pool> {
        &self.pool
    }

    pub(crate) fn room(&self) -> &Rc<Room> {
        &self.room
    }

    pub(crate) fn watch(&self) -> &Rc<Watch> {
        &self.watch
    }

    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.shared.stop.clone()
    }

    /// Accepts and serves until the gateway stops, then waits for the calls under way.
    pub(crate) async fn run(self: Rc<Self>, listeners: Vec<TcpListener>) {
        for (number, listener) in listeners.into_iter().enumerate() {
            tokio::task::spawn_local(Rc::clone(&self).accept(listener, number));
        }
        let mut stop = self.stopping();
        loop {
            let pause = self.plan().times.header.min(Duration::from_secs(5));
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = tokio::time::sleep(pause) => {
                    let plan = self.plan();
                    self.watch.look(&plan.times);
                    self.pool.sweep(plan.times.idle_upstream);
                }
            }
        }
        self.watch.finish();
        let deadline = tokio::time::Instant::now() + self.plan().times.drain;
        while self.serving.get() > 0 && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn accept(self: Rc<Self>, listener: TcpListener, number: usize) {
        let mut stop = self.stopping();
        loop {
            let accepted = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.begin(stream, peer, number).await,
                Err(error) => {
                    // Out of file descriptors, most likely: others will close some.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn begin(self: &Rc<Self>, stream: tokio::net::TcpStream, peer: SocketAddr, listener: usize) {
        let most = self.plan().limits.connections;
        while self.shared.connections.load(Ordering::Relaxed) >= most {
            // Those who wait do so in the kernel's queue.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let open = Open::new(self);
        let worker = Rc::clone(self);
        tokio::task::spawn_local(async move {
            let _open = open;
            connection::serve(worker, stream, peer, listener).await;
        });
    }
}

/// Counts a connection for as long as it lives, whatever ends it.
struct Open {
    worker: Rc<Worker>,
}

impl Open {
    fn new(worker: &Rc<Worker>) -> Self {
        worker.serving.set(worker.serving.get() + 1);
        worker.shared.connections.fetch_add(1, Ordering::Relaxed);
        Self { worker: Rc::clone(worker) }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.worker.serving.set(self.worker.serving.get().saturating_sub(1));
        self.worker.shared.connections.fetch_sub(1, Ordering::Relaxed);
    }
}
