//! Work that would hold up a core, such as a sheet of XSLT: done by threads of its own, with stacks large enough for its recursion.
//!
//! Everything is bounded: how many threads there are, how much waits for them, how long a caller waits. Who cannot be taken is told at
//! once; who waited too long is told then, and the work is asked to stop. It knows nothing of what is done. The steps that will use it
//! are not built yet.

use std::fmt;
use std::io;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::TrySendError;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// How large a pool is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Threads, at least one.
    pub threads: usize,
    /// Pieces of work that may wait while all threads are busy.
    pub queue: usize,
    /// How long a caller waits for its piece, waiting for a thread included.
    pub patience: Duration,
    /// Bytes of stack of each thread; they are reserved, and used only where recursion is deep.
    pub stack: usize,
}

impl Default for Size {
    fn default() -> Self {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        Self { threads, queue: 64, patience: Duration::from_secs(10), stack: 16 << 20 }
    }
}

/// Why a piece of work gave nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overload {
    /// All threads are busy and the queue is full: try again later.
    Full,
    /// It did not end in time; it has been asked to stop.
    TimedOut,
    /// It ended in a panic.
    Died,
}

impl fmt::Display for Overload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "all transformations that may run or wait at once do; try again later",
            Self::TimedOut => "the transformation took too long and was given up",
            Self::Died => "the transformation failed inside",
        })
    }
}

impl std::error::Error for Overload {}

type Job = Box<dyn FnOnce() + Send>;

/// A pool. Its threads end when it is dropped and what waits is done.
#[derive(Debug)]
pub struct Offload {
    jobs: SyncSender<Job>,
    patience: Duration,
}

impl Offload {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(size: Size) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel::<Job>(size.queue);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..size.threads.max(1) {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new().name(format!("offload-{number}")).stack_size(size.stack).spawn(move || work(&waiting))?;
        }
        Ok(Self { jobs, patience: size.patience })
    }

    /// Does a piece of work on a thread of the pool. It is given a flag and should end soon once that is true.
    ///
    /// # Errors
    /// There was no room, or no result in time.
    pub async fn run<T: Send + 'static>(&self, piece: impl FnOnce(&AtomicBool) -> T + Send + 'static) -> Result<T, Overload> {
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        let (answer, answered) = oneshot::channel();
        let flag = Arc::clone(&stop.0);
        let job: Job = Box::new(move || {
            // A caller that has gone before its turn costs nothing.
            if !flag.load(Ordering::Relaxed) {
                let _ = answer.send(piece(&flag));
            }
        });
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Overload::Full),
            Err(TrySendError::Disconnected(_)) => return Err(Overload::Died),
        }
        match timeout(self.patience, answered).await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(_)) => Err(Overload::Died),
            Err(_) => Err(Overload::TimedOut),
        }
    }
}

/// Asks the work to stop when its caller waits no longer: answered, out of patience, or gone.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panic ends the piece, not the thread: its caller sees the answer's sender gone.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize, queue: usize, patience: u64) -> Offload {
        Offload::start(Size { threads, queue, patience: Duration::from_millis(patience), ..Size::default() }).unwrap()
    }

    fn until_stopped(stop: &AtomicBool) -> u32 {
        while !stop.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(1));
        }
        1
    }

    #[tokio::test]
    async fn a_piece_is_done_and_its_result_comes_back() {
        assert_eq!(pool(1, 1, 10_000).run(|_| 6 * 7).await, Ok(42));
    }

    #[tokio::test]
    async fn endless_work_is_given_up_and_the_pool_recovers() {
        let pool = pool(1, 1, 50);
        assert_eq!(pool.run(until_stopped).await, Err(Overload::TimedOut));
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(pool.run(|_| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn what_finds_no_room_is_told_at_once() {
        let pool = Arc::new(pool(1, 1, 300));
        let endless = |pool: &Arc<Offload>| {
            let pool = Arc::clone(pool);
            tokio::spawn(async move { pool.run(until_stopped).await })
        };
        let first = endless(&pool);
        tokio::time::sleep(Duration::from_millis(50)).await;
        let second = endless(&pool);
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(pool.run(|_| 1).await, Err(Overload::Full));
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (Err(Overload::TimedOut), Err(Overload::TimedOut)));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(pool.run(|_| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_stops_its_work() {
        let pool = Arc::new(pool(1, 1, 10_000));
        let gone = Arc::clone(&pool);
        let caller = tokio::spawn(async move { gone.run(until_stopped).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        caller.abort();
        assert_eq!(pool.run(|_| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_panic_ends_the_piece_and_not_the_thread() {
        let pool = pool(1, 1, 10_000);
        assert_eq!(pool.run(|_| if true { panic!("on purpose") } else { 1 }).await, Err(Overload::Died));
        assert_eq!(pool.run(|_| 1).await, Ok(1));
    }
}
