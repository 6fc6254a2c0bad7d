use super::*;
use crate::ids::uuid_v7;

fn account(n: u8) -> AccountId {
    uuid_v7(1, [n; 10]).into()
}

fn unit(n: u8) -> UnitId {
    uuid_v7(2, [n; 10]).into()
}

fn actor(preset: Preset, n: u8) -> Actor {
    Actor {
        account: account(n),
        preset,
        unit: (preset == Preset::Unit).then(|| unit(n)),
    }
}

fn case() -> CaseFacts {
    CaseFacts {
        reporter: Some(account(1)),
        unit: Some(unit(3)),
        assigned_ms: Some(1_000_000),
        feedback_by: Some(account(2)),
        extended: false,
    }
}

#[test]
fn a_problem_walks_from_hand_over_to_closing() {
    let reviewer = actor(Preset::Reviewer, 2);
    let other = actor(Preset::Reviewer, 4);
    let mut state = State::Submitted;
    for (event, who) in [
        (Event::Accept, &reviewer),
        (Event::Assign, &reviewer),
        (Event::Feedback, &reviewer),
        (Event::Pass, &other),
    ] {
        state = step(state, event, who, &case(), 1_000_000).unwrap();
    }
    assert_eq!(state, State::Closed);
}

#[test]
fn whoever_entered_the_feedback_cannot_recheck() {
    for event in [Event::Pass, Event::Fail, Event::Partial, Event::KeepWatch] {
        assert_eq!(
            step(
                State::Feedback,
                event,
                &actor(Preset::Reviewer, 2),
                &case(),
                0
            ),
            Err(Refusal::SamePerson)
        );
    }
}

#[test]
fn a_failed_recheck_goes_back_to_the_unit() {
    let other = actor(Preset::Reviewer, 4);
    let failed = step(State::Feedback, Event::Fail, &other, &case(), 0).unwrap();
    assert_eq!(failed, State::Failed);
    let again = step(failed, Event::SendBack, &other, &case(), 0).unwrap();
    assert_eq!(again, State::Rectifying);
}

#[test]
fn a_dispatch_can_be_recalled_for_ten_minutes_and_only_unsigned() {
    let r = actor(Preset::Reviewer, 2);
    let at = |ms| step(State::Assigned, Event::Recall, &r, &case(), 1_000_000 + ms);
    assert_eq!(at(RECALL_MS), Ok(State::Accepted));
    assert_eq!(at(RECALL_MS + 1), Err(Refusal::TooLate));
    assert!(matches!(
        step(State::Rectifying, Event::Recall, &r, &case(), 1_000_000),
        Err(Refusal::NotFromHere { .. })
    ));
}

#[test]
fn another_unit_and_another_inspector_get_the_answer_of_no_right() {
    let own = actor(Preset::Unit, 3);
    let other = actor(Preset::Unit, 5);
    assert_eq!(
        step(State::Assigned, Event::Sign, &own, &case(), 0),
        Ok(State::Rectifying)
    );
    assert_eq!(
        step(State::Assigned, Event::Sign, &other, &case(), 0),
        Err(Refusal::NoRight)
    );
    // Also where the step would not be open anyway.
    assert_eq!(
        step(State::Closed, Event::Sign, &other, &case(), 0),
        Err(Refusal::NoRight)
    );
    assert_eq!(
        step(
            State::Submitted,
            Event::Withdraw,
            &actor(Preset::Inspector, 9),
            &case(),
            0
        ),
        Err(Refusal::NoRight)
    );
    assert_eq!(
        step(
            State::Submitted,
            Event::Withdraw,
            &actor(Preset::Inspector, 1),
            &case(),
            0
        ),
        Ok(State::Withdrawn)
    );
}

#[test]
fn a_reader_and_the_administrator_move_nothing() {
    for preset in [Preset::Reader, Preset::Admin] {
        for from in State::ALL {
            for event in Event::ALL {
                assert_eq!(
                    step(*from, *event, &actor(preset, 1), &case(), 0),
                    Err(Refusal::NoRight)
                );
            }
        }
    }
}

#[test]
fn every_state_can_be_reached_and_only_ends_have_no_way_out() {
    let ways: std::collections::HashSet<State> = State::ALL
        .iter()
        .flat_map(|from| Event::ALL.iter().filter_map(|e| target(*from, *e)))
        .collect();
    for s in State::ALL {
        assert!(
            ways.contains(s) || *s == State::Draft,
            "{s:?} is unreachable"
        );
        let is_end = possible(*s).is_empty();
        assert_eq!(is_end, *s == State::Withdrawn, "{s:?}");
    }
}

#[test]
fn nothing_reaches_a_unit_but_by_dispatch() {
    for from in State::ALL.iter().filter(|s| !s.is_dispatched()) {
        for event in Event::ALL {
            if let Some(to) = target(*from, *event)
                && to.is_dispatched()
            {
                assert!(matches!(event, Event::Assign | Event::OnsiteFixed));
            }
        }
    }
}

#[test]
fn the_whole_table_of_steps_is_this() {
    let mut lines = String::new();
    for from in State::ALL {
        for event in Event::ALL {
            if let Some(to) = target(*from, *event) {
                lines += &format!("{} --{}--> {}\n", from.key(), event.key(), to.key());
            }
        }
    }
    insta::assert_snapshot!(lines);
}
