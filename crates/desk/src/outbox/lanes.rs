//! Which of the waiting actions goes next. Pure.
//!
//! Each customer has a lane, first in first out, with withdrawals at its front; lanes do not wait for each other. A
//! note that the store itself fails on lets the others of its lane pass.

use std::collections::{BTreeMap, BTreeSet};

use madoguchi_domain::{ActionId, CustomerId, action::ActionKind};

/// How many lanes send at once.
pub(crate) const PARALLEL: usize = 4;

/// What deciding needs to know of a waiting action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) sequence: i64,
    pub(crate) action: ActionId,
    pub(crate) customer: CustomerId,
    pub(crate) kind: ActionKind,
    /// Not before this one was answered.
    pub(crate) depends_on: Option<ActionId>,
    /// Its next attempt is not due yet.
    pub(crate) resting: bool,
    /// The store failed on it, and on it alone.
    pub(crate) alone: bool,
}

/// The actions to send now, at most [`PARALLEL`] together with those that are out.
pub(crate) fn next(waiting: &[Waiting], out: &BTreeSet<ActionId>) -> Vec<ActionId> {
    let mut lanes: BTreeMap<CustomerId, Vec<&Waiting>> = BTreeMap::new();
    for action in waiting {
        lanes.entry(action.customer).or_default().push(action);
    }
    let unanswered: BTreeSet<ActionId> = waiting.iter().map(|w| w.action).collect();
    let mut heads: Vec<&Waiting> = Vec::new();
    for lane in lanes.values_mut() {
        if lane.iter().any(|w| out.contains(&w.action)) {
            continue;
        }
        lane.sort_by_key(|w| (!w.kind.goes_first(), w.sequence));
        for action in lane.iter() {
            let passable = action.kind == ActionKind::Note && action.alone;
            let free = action.depends_on.is_none_or(|other| !unanswered.contains(&other));
            if free && !action.resting {
                heads.push(action);
                break;
            }
            if !passable {
                break;
            }
        }
    }
    heads.sort_by_key(|w| (!w.kind.goes_first(), w.sequence));
    heads.truncate(PARALLEL.saturating_sub(out.len()));
    heads.into_iter().map(|w| w.action).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: i64) -> ActionId {
        ActionId(Uuid::from_u128(u128::try_from(n).expect("positive")))
    }

    fn waiting(sequence: i64, customer: i64, kind: ActionKind) -> Waiting {
        Waiting {
            sequence,
            action: id(sequence),
            customer: CustomerId::from_bits(customer),
            kind,
            depends_on: None,
            resting: false,
            alone: false,
        }
    }

    #[test]
    fn a_lane_is_first_in_first_out_and_lanes_do_not_wait_for_each_other() {
        let all = [
            waiting(1, 1, ActionKind::Lock),
            waiting(2, 1, ActionKind::Unlock),
            waiting(3, 2, ActionKind::Note),
        ];
        assert_eq!(next(&all, &BTreeSet::new()), [id(1), id(3)]);
        assert_eq!(next(&all, &BTreeSet::from([id(1)])), [id(3)], "a lane sends one at a time");
    }

    #[test]
    fn a_withdrawal_goes_to_the_front() {
        let all = [waiting(1, 1, ActionKind::Lock), waiting(2, 1, ActionKind::Withdraw)];
        assert_eq!(next(&all, &BTreeSet::new()), [id(2)]);
    }

    #[test]
    fn a_head_that_rests_stops_its_lane_only() {
        let mut all = [
            waiting(1, 1, ActionKind::Lock),
            waiting(2, 1, ActionKind::Unlock),
            waiting(3, 2, ActionKind::Lock),
        ];
        all[0].resting = true;
        assert_eq!(next(&all, &BTreeSet::new()), [id(3)]);
    }

    #[test]
    fn a_note_the_store_fails_on_lets_others_pass() {
        let mut all = [waiting(1, 1, ActionKind::Note), waiting(2, 1, ActionKind::Unlock)];
        (all[0].resting, all[0].alone) = (true, true);
        assert_eq!(next(&all, &BTreeSet::new()), [id(2)]);
        all[0].alone = false;
        assert!(next(&all, &BTreeSet::new()).is_empty(), "a network failure keeps the order");
    }

    #[test]
    fn a_dependent_waits_for_the_other_in_whichever_lane() {
        let mut all = [waiting(1, 1, ActionKind::Lock), waiting(2, 2, ActionKind::Unlock)];
        all[1].depends_on = Some(id(1));
        assert_eq!(next(&all, &BTreeSet::new()), [id(1)]);
        assert_eq!(next(&all[1..], &BTreeSet::new()), [id(2)]);
    }

    proptest! {
        /// However answers come in, every action is sent once, each customer's in the order they were saved.
        #[test]
        fn everything_is_sent_once_and_in_order(
            customers in prop::collection::vec(0i64..6, 1..60),
            answers in prop::collection::vec(0usize..PARALLEL, 60),
        ) {
            let mut left: Vec<Waiting> = (1..).zip(&customers).map(|(n, c)| waiting(n, *c, ActionKind::Note)).collect();
            let mut out: Vec<ActionId> = Vec::new();
            let mut sent: Vec<ActionId> = Vec::new();
            let mut turn = answers.into_iter().cycle();
            while !left.is_empty() {
                let heads = next(&left, &out.iter().copied().collect());
                sent.extend(&heads);
                out.extend(heads);
                prop_assert!(!out.is_empty() && out.len() <= PARALLEL);
                let answered = out.remove(turn.next().expect("endless") % out.len());
                left.retain(|w| w.action != answered);
            }
            prop_assert_eq!(sent.len(), customers.len());
            for customer in 0..6 {
                let own: Vec<_> = sent
                    .iter()
                    .filter(|a| customers[usize::try_from(a.0.as_u128()).expect("small") - 1] == customer)
                    .collect();
                prop_assert!(own.is_sorted());
            }
        }
    }
}
