//! Who may stand for whom: substitution groups (section 3.3.6) and derived types (section 3.4.6).

use std::collections::HashMap;
use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::schema::compile::Compiler;
use crate::schema::compile::number;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Derivation;
use crate::schema::form::DerivationSet;
use crate::schema::form::ElementId;
use crate::schema::form::TypeId;

impl Compiler<'_> {
    /// Fills the members of every substitution group.
    pub(super) fn relate_elements(&mut self) {
        let mut direct: HashMap<ElementId, Vec<ElementId>> = HashMap::new();
        for (member, head) in std::mem::take(&mut self.heads) {
            match self.global_elements.get(&head.name) {
                Some(id) => direct.entry(*id).or_default().push(member),
                None => {
                    let message = format!("unknown head of a substitution group {}", self.symbols.name(head.name));
                    self.diagnostics.push(Diagnostic::warning("unknown-element", head.place, message));
                }
            }
        }
        for list in direct.values_mut() {
            list.sort_unstable();
        }
        let mut heads: Vec<ElementId> = direct.keys().copied().collect();
        heads.sort_unstable();
        for head in heads {
            let block = self.elements[head.0 as usize].block;
            if block.substitution {
                continue;
            }
            let mut seen = HashSet::from([head]);
            let mut members = Vec::new();
            let mut stack = vec![head];
            while let Some(at) = stack.pop() {
                for member in direct.get(&at).into_iter().flatten() {
                    if seen.insert(*member) {
                        stack.push(*member);
                        members.push(*member);
                    }
                }
            }
            members.retain(|member| !self.elements[member.0 as usize].is_abstract && self.may_replace(*member, head, block));
            members.sort_unstable();
            self.elements[head.0 as usize].members = members;
        }
    }

    /// Whether the derivation of the member's type is none that the head, or a type on the way to its own, blocks.
    fn may_replace(&self, member: ElementId, head: ElementId, block: DerivationSet) -> bool {
        let target = self.elements[head.0 as usize].ty;
        let mut at = self.elements[member.0 as usize].ty;
        let mut used = DerivationSet::default();
        let mut blocked = block;
        if let TypeId::Complex(id) = target {
            add(&mut blocked, self.complex[id.0 as usize].block);
        }
        for _ in 0..=self.complex.len() {
            if at == target {
                break;
            }
            match at {
                TypeId::Complex(id) => {
                    let ty = &self.complex[id.0 as usize];
                    match ty.derivation {
                        Derivation::Extension => used.extension = true,
                        Derivation::Restriction => used.restriction = true,
                    }
                    let Some(base) = ty.base else { break };
                    if let TypeId::Complex(base) = base
                        && base != ComplexTypeId::ANY
                        && TypeId::Complex(base) != target
                    {
                        add(&mut blocked, self.complex[base.0 as usize].block);
                    }
                    at = base;
                }
                TypeId::Simple(_) => {
                    used.restriction = true;
                    break;
                }
            }
        }
        !(used.extension && blocked.extension || used.restriction && blocked.restriction)
    }

    /// Fills the derived types of every complex type but xs:anyType.
    pub(super) fn relate_types(&mut self) {
        for at in 0..self.complex.len() {
            if self.complex[at].name.is_none() {
                continue;
            }
            let id = ComplexTypeId(number(at));
            let mut base = self.complex[at].base;
            while let Some(TypeId::Complex(above)) = base
                && above != ComplexTypeId::ANY
            {
                let above = &mut self.complex[above.0 as usize];
                above.derived.push(id);
                base = above.base;
            }
        }
    }
}

fn add(set: &mut DerivationSet, other: DerivationSet) {
    set.extension |= other.extension;
    set.restriction |= other.restriction;
}
