//! Unions and intersections of attribute wildcards (section 3.10.6).
//!
//! What XML Schema 1.0 cannot express is taken as the wider constraint.

use std::sync::Arc;

use crate::schema::form::NamespaceConstraint;
use crate::schema::form::Wildcard;

/// What either wildcard admits; judged as `own` says.
pub(super) fn union(own: &Wildcard, other: &Wildcard) -> Wildcard {
    use NamespaceConstraint::Any;
    use NamespaceConstraint::Not;
    use NamespaceConstraint::OneOf;
    let namespaces = match (&own.namespaces, &other.namespaces) {
        (Any, _) | (_, Any) => Any,
        (Not(a), Not(b)) if a == b => Not(a.clone()),
        (Not(_), Not(_)) => Not(Arc::from("")),
        (OneOf(a), OneOf(b)) => {
            let mut list = a.clone();
            list.extend(b.iter().filter(|ns| !a.contains(ns)).cloned());
            OneOf(list)
        }
        (Not(not), OneOf(list)) | (OneOf(list), Not(not)) => {
            let absent = list.iter().any(|ns| ns.is_empty());
            let negated = list.contains(not);
            match (negated, absent) {
                (true, true) | (false, true) => Any,
                (true, false) => Not(Arc::from("")),
                (false, false) => Not(not.clone()),
            }
        }
    };
    Wildcard { namespaces, process: own.process }
}

/// What both wildcards admit; judged as `own` says.
pub(super) fn intersection(own: &Wildcard, other: &Wildcard) -> Wildcard {
    use NamespaceConstraint::Any;
    use NamespaceConstraint::Not;
    use NamespaceConstraint::OneOf;
    let namespaces = match (&own.namespaces, &other.namespaces) {
        (Any, one) | (one, Any) => one.clone(),
        (Not(a), Not(b)) => {
            if a.is_empty() {
                Not(b.clone())
            } else {
                Not(a.clone())
            }
        }
        (OneOf(list), constraint) | (constraint, OneOf(list)) => OneOf(list.iter().filter(|ns| constraint.admits(ns)).cloned().collect()),
    };
    Wildcard { namespaces, process: own.process }
}
