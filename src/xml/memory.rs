//! What a reader leaves to the next one on the same thread: its caches and buffers.
//!
//! Messages of one service use the same names and prefixes again and again; a reader that begins with what the one before learnt
//! need not look them up. Nothing of a message's content is kept.

use std::cell::RefCell;

use crate::xml::attribute::AttributeRecord;
use crate::xml::limits::Limits;
use crate::xml::name::Symbols;
use crate::xml::names::NameTable;
use crate::xml::open::OpenElements;
use crate::xml::remembered::RememberedTags;
use crate::xml::scope::Scopes;

/// How many are kept a thread: one a set of schemas.
const KEPT: usize = 4;
/// Text buffers above this are not kept.
const LARGE: usize = 64 << 10;

/// The caches and buffers of a reader; empty by default.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The state of the symbols that the names were looked up in.
    symbols: u64,
    /// The limits that names and declarations were held against.
    limits: Limits,
    pub(super) names: NameTable,
    pub(super) scopes: Scopes,
    pub(super) remembered: RememberedTags,
    pub(super) open: OpenElements,
    pub(super) attributes: Vec<AttributeRecord>,
    pub(super) declarations: Vec<AttributeRecord>,
    pub(super) scratch: String,
}

thread_local! {
    static SPARE: RefCell<Vec<Memory>> = const { RefCell::new(Vec::new()) };
}

impl Memory {
    /// What a reader with these symbols and limits left, or new.
    pub(super) fn take(symbols: &Symbols, limits: &Limits) -> Self {
        let id = symbols.state();
        let spare = SPARE.try_with(|spare| {
            let mut spare = spare.try_borrow_mut().ok()?;
            let at = spare.iter().position(|memory| memory.symbols == id && memory.limits == *limits)?;
            Some(spare.swap_remove(at))
        });
        spare.ok().flatten().unwrap_or_else(|| Self { symbols: id, limits: limits.clone(), scopes: Scopes::new(), ..Self::default() })
    }

    /// Leaves it to the next reader.
    pub(super) fn give(mut self) {
        self.open.clear();
        self.attributes.clear();
        self.declarations.clear();
        self.scratch.clear();
        self.scratch.shrink_to(LARGE);
        if self.scopes.is_large() {
            self.scopes = Scopes::new();
            self.names.clear();
            self.remembered.clear();
        }
        let _ = SPARE.try_with(|spare| {
            if let Ok(mut spare) = spare.try_borrow_mut() {
                if spare.len() >= KEPT {
                    spare.remove(0);
                }
                spare.push(self);
            }
        });
    }
}
