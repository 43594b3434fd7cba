"""What certificates are worth: before their end, in the grace after it, and when staff step in."""

from datetime import date, timedelta

import pytest

from app.model.access.certification import Certification, by_hand, standing

END = date(2027, 11, 22)
DAY = timedelta(days=1)


def a_certificate(level=2, granted=0, ends=END, **more):
    return Certification(f"cert-{level}", level, granted, ends, **more)


@pytest.mark.parametrize(
    ("day", "stands", "state"),
    [
        pytest.param(END - 61 * DAY, (2, 2), "valid", id="far from its end"),
        pytest.param(END - 60 * DAY, (2, 2), "ends-soon", id="sixty days before"),
        pytest.param(END, (2, 2), "ends-soon", id="on its last day"),
        pytest.param(END + DAY, (0, 2), "grace", id="the day after: no new writes"),
        pytest.param(END + 30 * DAY, (0, 2), "grace", id="the last day of grace"),
        pytest.param(END + 31 * DAY, (0, 0), "expired", id="after the grace"),
    ],
)
def test_a_certificate_ends_in_two_steps(day, stands, state):
    certificate = a_certificate()

    assert standing(2, [certificate], day) == stands
    assert certificate.state(day) == state


def test_a_revoked_certificate_opens_nothing_from_that_moment():
    certificate = a_certificate(is_revoked=True)

    assert standing(2, [certificate], END - 100 * DAY) == (0, 0)
    assert certificate.state(END) == "revoked"


@pytest.mark.parametrize(
    ("registered", "proved", "stands"),
    [
        pytest.param(3, [], 3, id="no certificate: the word of staff"),
        pytest.param(3, [a_certificate(2)], 3, id="staff gave more than was proved"),
        pytest.param(1, [a_certificate(2)], 0, id="what a certificate raised ends with it"),
        pytest.param(2, [a_certificate(2, granted=1)], 1, id="what staff had given stays"),
        pytest.param(2, [a_certificate(2, is_settled=True)], 2, id="given by hand after the end"),
        pytest.param(
            2,
            [a_certificate(1, ends=END + 400 * DAY), a_certificate(2)],
            1,
            id="a lower certificate that still holds",
        ),
    ],
)
def test_after_the_end_a_partner_falls_back_to_what_else_it_has(registered, proved, stands):
    assert standing(registered, proved, END + 50 * DAY).level == stands


def test_staff_can_lower_a_level_that_a_certificate_still_proves():
    assert standing(1, [a_certificate(4)], END).level == 1


def test_a_renewal_does_not_count_as_a_gift_of_staff():
    first = a_certificate(2)
    second = a_certificate(2, granted=by_hand(2, [first]), ends=END + 365 * DAY)

    assert standing(2, [first, second], END + 100 * DAY).level == 2
    assert standing(2, [first, second], END + 500 * DAY) == (0, 0)


def test_each_notice_comes_when_its_day_has_come():
    certificate = a_certificate()

    assert certificate.notices(END - 61 * DAY) == ()
    assert certificate.notices(END - 45 * DAY) == (60,)
    assert certificate.notices(END - 7 * DAY) == (60, 30, 7)
    assert certificate.notices(END + DAY) == ()
