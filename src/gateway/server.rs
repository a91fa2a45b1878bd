//! Starting and stopping: one thread a core, each with a runtime and a listener of its own on the same port.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use arc_swap::ArcSwap;
use tokio::net::TcpSocket;
use tokio::runtime::LocalOptions;
use tokio::sync::watch;

use crate::gateway::connect::client_tls;
use crate::gateway::plan::Plan;
use crate::gateway::worker::Shared;
use crate::gateway::worker::Worker;

/// Where to listen and on how many cores.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The listeners, by their numbers; port 0 takes a free one.
    pub addresses: Vec<SocketAddr>,
    /// Number of cores; none for all.
    pub cores: Option<usize>,
    /// PEM text of roots to trust for https upstreams besides the public ones.
    pub roots: Option<Vec<u8>>,
}

/// A gateway that runs. Dropping it stops it without waiting.
pub struct Running {
    /// Where its first listener is.
    pub address: SocketAddr,
    /// Where all of them are.
    pub addresses: Vec<SocketAddr>,
    plan: Arc<ArcSwap<Plan>>,
    stop: watch::Sender<bool>,
    threads: Vec<thread::JoinHandle<()>>,
}

/// Why the gateway does not start.
#[derive(Debug)]
pub enum StartError {
    /// Somebody else listens there.
    Taken(SocketAddr),
    /// The address cannot be used.
    Listen(SocketAddr, io::Error),
    /// The roots cannot be used.
    Roots(String),
    /// The system gives no threads or runtimes.
    System(io::Error),
}

/// Starts the gateway; when this returns, it listens.
///
/// # Errors
/// If it cannot listen, or the roots are no certificates.
pub fn start(plan: Plan, listen: &Listen) -> Result<Running, StartError> {
    let tls = client_tls(listen.roots.as_deref()).map_err(StartError::Roots)?;
    let cores = listen.cores.unwrap_or_else(|| thread::available_parallelism().map_or(1, std::num::NonZero::get)).max(1);
    let mut addresses = Vec::with_capacity(listen.addresses.len());
    let mut sockets: Vec<Vec<TcpSocket>> = (0..cores).map(|_| Vec::new()).collect();
    for address in &listen.addresses {
        let (actual, bound) = bind(*address, cores)?;
        addresses.push(actual);
        sockets.iter_mut().zip(bound).for_each(|(of_core, socket)| of_core.push(socket));
    }
    let address = addresses.first().copied().ok_or_else(|| StartError::System(io::Error::other("no address to listen on")))?;
    let plan = Arc::new(ArcSwap::from_pointee(plan));
    let (stop, stopped) = watch::channel(false);
    let shared = Shared { plan: Arc::clone(&plan), tls, stop: stopped, connections: Arc::default(), held: Arc::default() };
    let (ready, listening) = mpsc::channel();
    let mut threads = Vec::with_capacity(cores);
    for (number, sockets) in sockets.into_iter().enumerate() {
        let (shared, ready) = (shared.clone(), ready.clone());
        let thread = thread::Builder::new()
            .name(format!("core-{number}"))
            .spawn(move || run(shared, sockets, &ready))
            .map_err(StartError::System)?;
        threads.push(thread);
    }
    drop(ready);
    let running = Running { address, addresses, plan, stop, threads };
    for outcome in listening.iter().take(cores) {
        outcome.map_err(|error| StartError::Listen(address, error))?;
    }
    Ok(running)
}

impl Running {
    /// Puts another plan in place of the present one; calls under way keep theirs.
    pub fn replace(&self, plan: Plan) {
        self.plan.store(Arc::new(plan));
    }

    /// Stops accepting, lets the calls under way finish within the drain time, and returns when all is done.
    pub fn shutdown(mut self) {
        let _ = self.stop.send(true);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// One socket a core, all on one port.
fn bind(address: SocketAddr, cores: usize) -> Result<(SocketAddr, Vec<TcpSocket>), StartError> {
    if address.port() != 0 {
        // Sockets that share a port would also share it with another gateway of this user: look first.
        std::net::TcpListener::bind(address).map_err(|error| {
            if error.kind() == io::ErrorKind::AddrInUse { StartError::Taken(address) } else { StartError::Listen(address, error) }
        })?;
    }
    let mut actual = address;
    let mut sockets = Vec::with_capacity(cores);
    for _ in 0..cores {
        let socket = shared_socket(actual).map_err(|error| StartError::Listen(address, error))?;
        actual = socket.local_addr().map_err(|error| StartError::Listen(address, error))?;
        sockets.push(socket);
    }
    Ok((actual, sockets))
}

fn shared_socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn run(shared: Shared, sockets: Vec<TcpSocket>, ready: &mpsc::Sender<io::Result<()>>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build_local(LocalOptions::default()) {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    runtime.block_on(async move {
        match sockets.into_iter().map(|socket| socket.listen(1024)).collect::<io::Result<Vec<_>>>() {
            Ok(listeners) => {
                let _ = ready.send(Ok(()));
                Worker::new(shared).run(listeners).await;
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        }
    });
    // Name look-ups may still run on threads of the runtime: nobody waits for them.
    runtime.shutdown_background();
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(address) => {
                write!(f, "cannot listen on {address}: another program does; stop it, or choose another port with --listen")
            }
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Roots(error) => write!(f, "cannot use the roots: {error}"),
            Self::System(error) => write!(f, "cannot start: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}
