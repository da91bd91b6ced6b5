"""Who is us: addresses compared, what the settings say, and what the mail itself tells."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from inbox.addresses import fold_address
from inbox.us import Tally, Us


def test_one_mailbox_has_one_spelling() -> None:
    assert fold_address("Anna.Weber@Shop.EXAMPLE.") == "anna.weber@shop.example"
    assert (
        fold_address("info@xn--mller-kva.example")
        == fold_address("INFO@MÜLLER.example")
        == "info@müller.example"
    )
    # ß is a letter of its own in domain names since 2010: two companies, not one.
    assert fold_address("a@straße.example") != fold_address("a@strasse.example")
    assert fold_address("a@bücher。example") == "a@bücher.example"
    assert fold_address("a+b.c@shop.example") == "a+b.c@shop.example"
    assert fold_address("no address") == "no address"
    assert fold_address('"odd@local"@shop.example') == '"odd@local"@shop.example'


def test_a_domain_that_only_pretends_to_be_international_stays_as_it_is() -> None:
    for pretended in (
        "a@xn--abc-.example",
        "a@xn--.example",
        "a@xn--\u00e4.example",
        "a@xn--99999999999.example",
    ):
        assert fold_address(pretended) == pretended


@given(st.text(max_size=80) | st.from_regex(r"\A[^@]{0,8}@(xn--[a-z0-9-]{0,12}\.){0,3}[a-zé]{1,5}\Z"))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold_address(text)
    assert fold_address(once) == once


def test_what_the_settings_say_is_sorted_by_its_looks() -> None:
    us = Us.of(["Support@Shop.example", "@warehouse.example", "Shop  Support", "+49 (30) 12 34 567"])
    assert us.is_us("support@shop.example")
    assert us.is_us("SUPPORT+c.8f3a@shop.example")  # a reply address with a token of ours
    assert us.is_us("anybody@warehouse.example")
    assert not us.is_us("anna@shop.example")
    assert not us.is_us("support@evil.example")
    assert not us.is_us("anybody@not-warehouse.example")
    assert (
        us.is_our_name("shop support")
        and us.is_our_name("0049 30 1234567")
        and us.is_our_name("support@shop.example")
    )
    assert not us.is_our_name("Anna") and not us.is_our_name("+49 30 1234568")
    assert us and not Us() and not Us().is_us("") and not Us().is_us("a@b.example")


def shop(customers: int, ours: str = "support@shop.example", freemail: bool = True) -> Tally:
    tally = Tally()
    for number in range(customers):
        customer = f"c{number}@{'gmail.com' if freemail else f'company{number}.example'}"
        tally.add(customer, [ours])
        tally.add(ours, [customer])
    return tally


def test_the_side_all_customers_talk_to_is_us() -> None:
    assert shop(3).us() == {"@shop.example"}
    assert shop(200, freemail=False).us() == {"@shop.example"}


def test_several_colleagues_of_one_domain_are_one_side() -> None:
    tally = Tally()
    for number in range(12):
        tally.add(f"c{number}@web.de", ["support@shop.example"], ["anna@shop.example"])
        tally.add(f"{('anna', 'bob', 'cem')[number % 3]}@shop.example", [f"c{number}@web.de"])
    assert tally.us() == {"@shop.example"}


def test_a_shop_at_a_freemail_provider_is_an_address_and_never_the_provider() -> None:
    us = Us.of(shop(30, "little.shop@gmail.com").us())
    assert us.is_us("little.shop@gmail.com")
    assert not us.is_us("c3@gmail.com")
    assert not us.domains


def test_between_two_who_are_as_busy_nobody_is_us() -> None:
    tally = Tally()
    for one, other in (("@north.example", "@south.example"), ("@south.example", "@north.example")):
        tally.add(f"a{one}", [f"b{other}"])
        for number in range(5):
            tally.add(f"c@customer{number}.example", [f"a{one}"])
            tally.add(f"a{one}", [f"c@customer{number}.example"])
    assert tally.us() == frozenset()


def test_one_conversation_between_two_does_not_tell_who_is_us() -> None:
    assert shop(1, freemail=False).us() == frozenset()
    assert Tally().us() == frozenset()


def test_a_customer_who_deals_with_many_of_us_is_still_no_colleague() -> None:
    tally = Tally()
    for ours in (
        "support@shop.example",
        "anna@shop.example",
        "bob@warehouse.example",
        "cem@warehouse.example",
    ):
        tally.add("customer@acme.example", [ours], ["boss@acme.example"])
        tally.add(ours, ["customer@acme.example"])
    assert tally.us() == frozenset()


def test_a_customer_whose_family_reads_along_is_no_colleague() -> None:
    tally = shop(6)
    tally.add("c1@gmail.com", ["support@shop.example"], ["husband@web.de", "aunt@web.de"])
    tally.add("husband@web.de", ["c1@gmail.com"], ["support@shop.example"])
    tally.add("aunt@web.de", ["c1@gmail.com"])
    assert tally.us() == {"@shop.example"}


def test_in_the_archive_of_a_mailing_list_nobody_is_us() -> None:
    tally = Tally()
    for number in range(300):
        writer, answered = number % 40, (number * 7 + 3) % 40
        tally.add(
            f"p{writer}@home{writer}.example", ["list@lists.example"], [f"p{answered}@home{answered}.example"]
        )
        if number % 4 == 0:  # one of them knows everything
            tally.add("guru@home.example", ["list@lists.example"], [f"p{writer}@home{writer}.example"])
            tally.add(f"p{writer}@home{writer}.example", ["list@lists.example"], ["guru@home.example"])
    assert tally.us() == frozenset()


def test_newsletters_do_not_count_as_people_we_talk_to() -> None:
    tally = shop(5)
    for number in range(400):
        tally.add(f"news@letter{number}.example", ["support@shop.example"])
    assert tally.us() == {"@shop.example"}


def test_a_help_desk_for_its_own_colleagues_does_not_make_them_all_us() -> None:
    tally = Tally()
    for number in range(60):
        tally.add(f"student{number}@uni.example", ["helpdesk@uni.example"])
        tally.add("helpdesk@uni.example", [f"student{number}@uni.example"])
    assert tally.us() == {"helpdesk@uni.example"}
    for number in range(12):
        tally.add(f"guest{number}@web.de", ["helpdesk@uni.example"])
        tally.add("helpdesk@uni.example", [f"guest{number}@web.de"])
    assert tally.us() == {"helpdesk@uni.example"}
    for number in range(12):
        tally.add(f"student{number}@uni.example", [f"aunt{number}@home{number}.example"])
        tally.add(f"aunt{number}@home{number}.example", [f"student{number}@uni.example"])
    assert tally.us() == {"helpdesk@uni.example"}
    tally.add("helpdesk@uni.example", ["student1@uni.example"], is_sent_folder=True)
    assert tally.us() == {"helpdesk@uni.example"}


def test_who_wrote_what_lies_in_sent_is_us_even_in_the_smallest_mailbox() -> None:
    tally = Tally()
    tally.add("jo@acme.example", ["anna@shop.example"])
    tally.add("anna@shop.example", ["jo@acme.example"], is_sent_folder=True)
    assert tally.us() == {"anna@shop.example", "@shop.example"}


def test_a_customers_mail_moved_into_sent_by_mistake_does_not_make_a_colleague() -> None:
    tally = Tally()
    for number in range(100):
        tally.add("anna@gmail.com", [f"c{number}@gmx.de"], is_sent_folder=True)
    tally.add("c7@gmx.de", ["anna@gmail.com"], is_sent_folder=True)
    assert tally.us() == {"anna@gmail.com"}


def test_a_mailbox_that_never_answers_is_known_by_its_delivered_to() -> None:
    tally = Tally()
    for number in range(10):
        tally.add(f"c{number}@web.de", ["Info@gmail.com"], delivered_to=["info@gmail.com"])
    assert tally.us() == {"info@gmail.com"}


def test_a_second_domain_of_ours_is_found_and_a_big_customer_is_not() -> None:
    tally = shop(100)
    for number in range(100, 140):
        tally.add(f"c{number}@gmail.com", ["info@second-shop.example"])
        tally.add("info@second-shop.example", [f"c{number}@gmail.com"])
    for number in range(40):  # a customer with suppliers of its own
        tally.add(
            f"buyer{number}@big.example", ["support@shop.example"], [f"sales@supplier{number % 2}.example"]
        )
        tally.add(f"sales@supplier{number % 20}.example", [f"buyer{number}@big.example"])
        tally.add("support@shop.example", [f"buyer{number}@big.example"])
    assert tally.us() == {"@shop.example", "@second-shop.example"}


@given(st.randoms())
def test_the_order_of_the_mails_does_not_matter(chance: random.Random) -> None:
    mails = [(f"c{n}@web.de", "support@shop.example") for n in range(6)]
    mails += [("anna@shop.example", f"c{n}@web.de") for n in range(4)]
    chance.shuffle(mails)
    tally = Tally()
    for sender, recipient in mails:
        tally.add(sender, [recipient])
    assert tally.us() == {"@shop.example"}


@given(
    st.lists(
        st.tuples(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3), st.booleans()),
        max_size=20,
    )
)
def test_no_addresses_are_too_odd_to_count(mails: list[tuple[str, list[str], bool]]) -> None:
    tally = Tally()
    for sender, recipients, in_sent in mails:
        tally.add(sender, recipients, (), in_sent, recipients)
    Us.of(tally.us())
