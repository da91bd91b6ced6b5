"""Whatever people, mail and the outbox have done before and do after: who is erased is gone, and the record is whole."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from inbox.actions import decision
from inbox.model import Role, Who
from tests.test_store_stateful import Office, numbers

OWNER = Who("ann", Role.OWNER)


class Erasing(Office):
    """The same office, in which an owner erases customers."""

    @rule(number=numbers, killed=st.booleans())
    def an_owner_erases_somebody(self, number: int, killed: bool) -> None:
        store = self.desk.store
        there = store.customers()
        if not there:
            return
        customer = there[number % len(there)]
        held = store.erasing.holdings(customer.id)
        outcome = store.change(*decision("customer-erase", customer=customer.id), OWNER, self.desk.now)
        if outcome.refusal is not None:
            assert held.waiting
            return
        if killed:  # another process finishes it
            assert [problem.kind for problem in store.verify(self.desk.now)] == ["erasing"]
        assert store.erasing.go_on(self.desk.now) == 1
        assert not [each for each in customer.identities if store.customers_at([each.value])]
        for conversation in held.own:
            lives = store.resolve(conversation)
            assert lives is not None
            assert {item.text for item in store.items(lives)} <= {"(erased)"}
            assert store.rows([lives])[0].due_at is None


def told(examples: int, steps: int, *, hunts: bool = False) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not hunts,
        phases=[Phase.generate] if hunts else tuple(Phase),
        suppress_health_check=list(HealthCheck),
    )


def test_whoever_is_erased_is_gone_and_the_record_is_whole() -> None:
    run_state_machine_as_test(Erasing, settings=told(2, 12))


@pytest.mark.long
def test_whoever_is_erased_in_a_long_story_is_gone_and_the_record_is_whole() -> None:
    """The same stories each time; FRONTDESK_HUNT=1 goes and looks for others."""
    run_state_machine_as_test(
        Erasing,
        settings=told(
            int(os.environ.get("FRONTDESK_STORIES", "40")), 40, hunts="FRONTDESK_HUNT" in os.environ
        ),
    )
