//! Work that takes long is done aside: a core that reads a large message meanwhile serves its other connections.

use std::sync::Arc;

use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::gateway::plan::Plan;

/// Messages up to here take less time than waking another thread is worth, or a millisecond at most.
const LARGE: usize = 256 << 10;

/// Does `work` on a message of `size` bytes: here, or on a thread for such work if it is large.
pub(crate) async fn aside<T: Send + 'static>(
    plan: &Arc<Plan>,
    size: usize,
    work: impl FnOnce(&Plan) -> T + Send + 'static,
) -> Result<T, Failure> {
    if size <= LARGE {
        return Ok(work(plan));
    }
    let plan = Arc::clone(plan);
    let failed = |error| Failure::new(Kind::Internal, "the message could not be worked on").because(error);
    tokio::task::spawn_blocking(move || work(&plan)).await.map_err(failed)
}
