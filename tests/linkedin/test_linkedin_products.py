"""A plan is certain only if every word of a receipt, and every amount, is in a known form."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkedin_archives import RECEIPTS, noted, receipt, receipts_csv, table

from eligibility import Status, evaluate, refine
from eligibility.linkedin.products import is_paid, is_refunded, product
from eligibility.rules import PREMIUM_PLANS

CAREER = "LinkedIn Premium Career"

#: Known forms, each of them whole.
CERTAIN = {
    "LinkedIn Premium Career (monthly)": "premium_career",
    "LinkedIn Premium Career": "premium_career",
    "linkedin premium career - annual subscription": "premium_career",
    "Premium Career subscription": "premium_career",
    "Premium: Career, yearly": "premium_career",
    "PREMIUM BUSINESS - Annual": "premium_business",
    "Premium Business plan (annual plan)": "premium_business",
    "Premium Business Plus": "business_plus",
    "Business Plus": "business_plus",
    "Job Seeker": "job_seeker",
    "Sales Navigator Core": "sales_navigator_core",
    "LinkedIn Sales Navigator Core, annual": "sales_navigator_core",
    "Sales Navigator: Advanced": "sales_navigator_advanced",
    "Sales Navigator \N{EN DASH} Advanced \N{EM DASH} quarterly": "sales_navigator_advanced",
    "Sales Navigator Advanced Plus": "sales_navigator_advanced_plus",
    "LinkedIn Recruiter Lite": "recruiter_lite",
    "Recruiter Lite membership: monthly": "recruiter_lite",
    "Recruiter Corporate": "recruiter_corporate",
    "Recruiter Professional Services": "recruiter_professional",
    "  LinkedIn\N{NO-BREAK SPACE}Premium  Career\t(monthly) ": "premium_career",
}
#: A Premium product for certain, but not which of its plans.
FAMILIES = ("Premium", "LinkedIn Premium (monthly)", "Sales Navigator", "Recruiter - annual plan")

#: One word, sign or number more. Grouped by what it may mean.
UNCLEAR = {
    "money back": (
        f"Remboursement {CAREER}",
        f"{CAREER} - Erstattung",
        f"Gutschrift {CAREER}",
        f"Reembolso: {CAREER}",
        f"Rimborso - {CAREER}",
        f"{CAREER} (Terugbetaling)",
        f"{CAREER} 返金",
        f"Возврат {CAREER}",
        f"{CAREER} - refunded",
        f"Charge back {CAREER}",
        f"{CAREER} storno",
        f"{CAREER} credit",
        f"Prorated credit, {CAREER}",
        f"{CAREER} voided",
        f"- {CAREER}",
        f"({CAREER})",
        f"{CAREER} -29.99",
    ),
    "not paid": (
        f"Payment failed: {CAREER}",
        f"Declined - {CAREER}",
        f"{CAREER} cancelled",
        f"{CAREER} (canceled)",
        f"{CAREER} renewal failed",
        f"{CAREER} - pending",
        f"Invoice for {CAREER}",
        f"{CAREER} free trial",
        f"{CAREER} 1 month free",
        f"Quote: {CAREER}",
        f"{CAREER} paused",
        f"Authorization hold {CAREER}",
        f"{CAREER}?",
    ),
    "for somebody else": (
        f"Gifting {CAREER}",
        f"{CAREER} (gift)",
        f"{CAREER} gifts (3 months)",
        f"{CAREER} voucher",
        f"Gift card: {CAREER}",
        f"{CAREER} for a colleague",
        "Sales Navigator Core - 10 seats (team)",
        "Sales Navigator Core x2",
        "Sales Navigator Core 2",
        "Recruiter Lite additional seat",
        "Recruiter Lite team plan",
    ),
    "something beside it": (
        "Recruiter Lite 10 extra InMails",
        "Sales Navigator Core InMail credits",
        "Resume review for job seeker",
        "ProFinder leads, business plus pack",
        f"{CAREER} add-on",
        f"{CAREER} - VAT",
        f"{CAREER} late fee",
        f"Upgrade to {CAREER}",
        f"{CAREER} upgrade",
        f"{CAREER} proration",
        "Premium Careers Fair",
        "Premium Career Day ticket",
        "LinkedIn Learning with Premium",
        "Recruiter and job slots",
        f"{CAREER} with LinkedIn Learning",
    ),
    "another time": (
        f"{CAREER} preorder, starts 2024-10-01",
        f"{CAREER}, starts next month",
        f"{CAREER} (monthly) from 1 October",
        f"{CAREER} 2025",
        f"{CAREER} renewal",
        f"Deposit: {CAREER}",
        f"{CAREER} for 2021 (late payment)",
    ),
    "two of them": (
        "Premium Career and Premium Business",
        "Premium Career, Premium Business",
        "Premium Career Premium Career",
        "Premium Career (monthly) (annual)",
        "Premium Business to Premium Career",
        "Sales Navigator Core Advanced",
    ),
    "a known form, almost": (
        "",
        "Abonnement",
        "Premium Career ()",
        "Premium Career (monthly",
        "Premium Career -",
        "PremiumCareer",
        "Premium Career\N{ZERO WIDTH SPACE}",
        "Premium C\N{CYRILLIC SMALL LETTER A}reer",
        "LinkedIn LinkedIn Premium Career",
        "LinkedIn Premium Executive",
        "Premium Career " * 100,
    ),
}
TOTALS = {
    "negative in some script": (
        "\N{EN DASH}29.99",
        "\N{HYPHEN}29.99",
        "\N{FULLWIDTH HYPHEN-MINUS}29.99",
        "\N{EM DASH}29.99",
        "\N{NON-BREAKING HYPHEN}29.99",
        "\N{SMALL HYPHEN-MINUS}29.99",
        "\N{SUPERSCRIPT MINUS}29.99",
        "~29.99",
        "29.99\N{EN DASH}",
        "$-29.99",
        "-$29.99",
        "- 29.99",
        "<29.99>",
        "[29.99]",
        "($29.99)",
    ),
    "a word beside it": ("29.99 CR", "CR 29.99", "29.99 DR", "USD 29.99", "29.99 refunded", "x29"),
    "no amount": (
        "",
        " ",
        "-",
        "free",
        "N/A",
        "\N{EURO SIGN}",
        ".",
        "NaN",
        "1e3",
        "0x1F",
        "+29.99",
    ),
    "nothing": ("0", "0.00", "0,00", "00", "$0.00"),
    "two amounts": ("29.99 35.99", "29.99/35.99", "29.99, 35.99", "0.00 (29.99)", "29.99.99"),
    "digits of no export": ("\N{ARABIC-INDIC DIGIT TWO}", "\N{FULLWIDTH DIGIT TWO}", "²"),
}


def each(groups):
    return [
        pytest.param(text, id=f"{kind}: {text!r:.40}") for kind in groups for text in groups[kind]
    ]


@pytest.mark.parametrize(("description", "plan"), CERTAIN.items())
def test_a_description_whose_every_word_is_known_names_its_plan(description, plan):
    found = product(description)
    assert (found.plans, found.reason) == ((plan,), None)


@pytest.mark.parametrize("description", FAMILIES)
def test_a_family_alone_is_one_of_its_plans(description):
    found = product(description)
    assert len(found.plans) > 1
    assert found.reason is None
    assert set(found.plans) <= PREMIUM_PLANS
    if "Premium" in description:
        assert set(found.plans) == PREMIUM_PLANS
    else:
        word = description.split()[0].lower()
        assert {plan.split("_")[0] for plan in found.plans} == {word}


@pytest.mark.parametrize("description", each(UNCLEAR))
def test_one_word_that_is_not_known_leaves_everything_unknown(description):
    found = product(description)
    assert (found.plans, found.reason) == ((), None)


@pytest.mark.parametrize(
    "description",
    [
        "LinkedIn Learning",
        "LinkedIn Learning (monthly)",
        "Ads",
        "Job post: engineer",
        "Premium Company Page",
        "Hiring Pro",
    ],
)
def test_another_product_is_one_at_the_start_and_without_a_word_of_premium(description):
    assert product(description).reason == "other-product"
    assert product(f"{description} and Premium Career").reason is None
    assert product(f"Abonnement {description}").reason is None


@pytest.mark.parametrize("description", ["Refund", f"Refund: {CAREER}", f"Chargeback {CAREER}"])
def test_a_refund_is_called_so_at_the_start(description):
    assert product(description).reason == "refund"


@pytest.mark.parametrize(
    "total",
    [
        "35.99",
        "35,99",
        "29",
        " 29.99 ",
        "1,234.56",
        "1.234,56",
        "1'234.50",
        "1\N{NO-BREAK SPACE}234",
        "12,345,678.90",
        "$29.99",
        "29.99 \N{EURO SIGN}",
        "0.01",
    ],
)
def test_a_plain_number_is_a_payment(total):
    assert is_paid(total)
    assert not is_refunded(total)


@pytest.mark.parametrize("total", each(TOTALS))
def test_a_total_that_is_not_plainly_positive_is_no_payment(total):
    assert not is_paid(total)


@pytest.mark.parametrize("parts", [("-29.99",), ("29.99", "CR"), ("29.99", "-6.00"), ("n/a",)])
def test_a_part_of_the_total_that_is_no_plain_number_is_a_doubt(parts):
    assert is_paid("35.99", "29.99", "6.00")
    assert not is_paid("35.99", *parts)


#: The words that a form has room for, whatever their order.
ROOM = {"linkedin", "subscription", "plan", "membership", "plus", "services"} | {
    *("monthly", "quarterly", "annual", "annually", "yearly"),
}


@given(st.sampled_from([*CERTAIN, *FAMILIES]), st.data())
def test_any_other_word_anywhere_leaves_everything_unknown(description, data):
    words = description.split()
    at = data.draw(st.integers(0, len(words)))
    word = data.draw(st.text(st.characters(categories=["L", "N"]), min_size=1))
    text = " ".join([*words[:at], word, *words[at:]])
    if word.lower() not in ROOM and text.lower() not in {name.lower() for name in CERTAIN}:
        assert not product(text).plans


@given(st.sampled_from(["35.99", "35,99", "1,234.56", "29"]), st.data())
def test_any_other_letter_or_sign_anywhere_makes_it_no_payment(total, data):
    at = data.draw(st.integers(0, len(total)))
    more = data.draw(st.characters(exclude_categories=["Cs", "Sc", "Zs", "Cc"]))
    text = total[:at] + more + total[at:]
    assert not is_paid(text) or re.fullmatch(r"[0-9.,'\u2019]+", text)
    if unicodedata.category(more) in {"Pd", "Sm", "Lu", "Ll", "Lo", "So"}:
        assert not is_paid(text)


DOUBTFUL = [
    {"Description": f"Payment failed: {CAREER}"},
    {"Description": f"{CAREER} preorder, starts 2024-10-01"},
    {"Description": f"Remboursement {CAREER}"},
    {"Total_Amount": "\N{EN DASH}35.99"},
    {"Total_Amount": "35.99 CR"},
    {"Total_Amount": ""},
    {"Sub_Total": "-29.99"},
    {"Currency_Code": "CR"},
    {"Currency_Code": "GBP refunded"},
    {"Status": "Failed"},
    {"Payment_Status": "abgelehnt"},
    {"Refund_Amount": "35.99"},
    {"Quantity": "10"},
    {"Gift_Recipient": "Bo Sample"},
    {"Starts": "2024-10-01"},
    {"": "annul\u00e9"},
]


def one_receipt(cells):
    """A file of one receipt, with a column for each cell, also where no receipt has had it yet."""
    row = receipt(**cells)
    return table(list(dict.fromkeys([*RECEIPTS, *row])), [row])


@pytest.mark.parametrize(
    "cells",
    [
        {"Status": ""},
        {"": " "},
        {"Payment_Method_Type": "VISA", "Postal_Code": "90210", "Billing_Country": "US"},
        {"Currency_Code": ""},
        {"Currency_Code": "usd"},
    ],
)
def test_a_column_that_says_nothing_of_the_payment_leaves_it_certain(read, cells):
    (span,) = read({"Receipts.csv": one_receipt(cells)}).history.premium
    assert span.plan == "premium_career"


@pytest.mark.parametrize("cells", DOUBTFUL)
def test_of_a_doubtful_receipt_nothing_is_claimed_and_it_is_not_lost(read, cells):
    """Whoever later says which plan it was has not said that it ran when the receipt was made."""
    reading = read({"Receipts_v2.csv": one_receipt(cells)})
    (span,) = reading.history.premium
    assert (span.plan, span.start, span.end) == (None, None, None)
    assert span.source == "receipt row 2 of Receipts_v2.csv"
    assert reading.history.complete == ()
    assert noted(reading)["archive-receipt-plan-unknown"].paths == ("premium[0]",)
    assert noted(reading)["archive-receipt-unclear"].paths == ("premium[0]",)
    assert "archive-receipt-covers-payment" not in noted(reading)


def with_message(history):
    """The history with an InMail that was shared, at the time of the receipt, to train AI."""
    at = "2024-08-16T11:57:00Z/2024-08-16T11:57:00.999999Z"
    data = history.model_dump(mode="json", exclude_unset=True)
    data["messages"] = [{"inmail": True, "sent_at": at, "shared": True, "shared_at": at}]
    data["complete"] = ["messages", "permissions"]
    return type(history).model_validate(data)


@pytest.mark.parametrize("cells", DOUBTFUL)
def test_a_doubtful_receipt_decides_nothing_even_when_its_plan_is_told(read, cells):
    history = with_message(read({"Receipts.csv": one_receipt(cells)}).history)
    refined = refine(history, {"premium[0].plan": "premium_career"})
    whole = refine(history, {"complete.premium": True})
    assert {evaluate(one).status for one in (history, refined, whole)} == {Status.INDETERMINATE}


def test_a_family_alone_has_the_time_of_its_payment(read):
    history = read({"Receipts.csv": receipts_csv(receipt(Description="Premium (monthly)"))}).history
    (span,) = history.premium
    assert set(span.plan) == PREMIUM_PLANS
    assert (span.start.text, span.end.text) == (
        "../2024-08-16T11:57:00.999999Z",
        "2024-08-16T11:57:00Z/..",
    )
