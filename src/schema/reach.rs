//! What can be reached from a declaration: the faults that a message may run into.

use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Schema;

impl Schema {
    /// All faults of what is reachable from a declaration (types, substitution members, derived types), each once.
    #[must_use]
    pub fn faults_below(&self, id: ElementId) -> Vec<Fault> {
        self.elements.get(id.0 as usize).map(|element| element.broken.clone()).unwrap_or_default()
    }
}
