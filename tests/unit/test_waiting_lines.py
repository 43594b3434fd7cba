"""Who waits for a thread: short lines, a place for every kind, no waiting without hope."""

import itertools

import pytest

from app.serving.waiting_lines import Kind, Lines, kind_of


class Clock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


def lines(threads=4, most=3, longest=1.0, clock=None):
    """Return empty lines."""
    return Lines(threads, most, longest, clock or Clock())


def called(found):
    """Return all that may begin now, in order."""
    return [turn.item for turn in iter(found.call, None)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"GET /health/ready HTTP/1.1\r\n", Kind.PROBE),
        (b"GET /v1/Agency/x HTTP/1.1\r\n", Kind.READ),
        (b"HEAD /v1/Agency/x?_format=json HTTP/1.1\r\n", Kind.READ),
        (b"GET /v1/metadata HTTP/1.1\r\n", Kind.READ),
        (b"GET /v1/Agency/x/_history/1 HTTP/1.1\r\n", Kind.READ),
        (b"POST /v1/Agency HTTP/1.1\r\n", Kind.WRITE),
        (b"PUT /v1/Agency/x HTTP/1.1\r\n", Kind.WRITE),
        (b"POST /v1/Agency/$validate HTTP/1.1\r\n", Kind.WRITE),
        (b"POST /v1/oauth/token HTTP/1.1\r\n", Kind.WRITE),
        (b"GET /v1/Agency?name=x HTTP/1.1\r\n", Kind.SEARCH),
        (b"GET /v1?_type=Agency HTTP/1.1\r\n", Kind.SEARCH),
        (b"GET /v1/ParticipantProfile/x/Referral HTTP/1.1\r\n", Kind.SEARCH),
        (b"GET /v1/Agency/x/_history HTTP/1.1\r\n", Kind.SEARCH),
        (b"POST /v1/Agency/_search HTTP/1.1\r\n", Kind.SEARCH),
        (b"GET /v1/$changes?_wait=20 HTTP/1.1\r\n", Kind.SEARCH),
        (b"POST /v1 HTTP/1.1\r\n", Kind.SEARCH),
        (b"POST /v1/ HTTP/1.1\r\n", Kind.SEARCH),
        (b"", Kind.SEARCH),
        (b"\x00\xff", Kind.SEARCH),
    ],
)
def test_the_first_line_tells_the_kind(head, kind):
    assert kind_of(head) is kind


def test_all_threads_may_read():
    found = lines(threads=4, most=9)
    for number in range(6):
        found.join(Kind.READ, number)

    assert called(found) == [0, 1, 2, 3]


def test_searches_and_writes_leave_threads_to_the_others():
    found = lines(threads=4, most=9)
    for number in range(6):
        found.join(Kind.SEARCH, f"search {number}")

    assert called(found) == ["search 0", "search 1"]

    for number in range(6):
        found.join(Kind.WRITE, f"write {number}")
    found.join(Kind.READ, "read")

    assert called(found) == ["read", "write 0"]


def test_one_thread_serves_every_kind():
    for kind in (Kind.READ, Kind.WRITE, Kind.SEARCH):
        found = lines(threads=1)
        found.join(kind, "one")

        assert called(found) == ["one"]


def test_a_thread_that_is_free_goes_to_the_next():
    found = lines(threads=1)
    found.join(Kind.READ, "first")
    found.join(Kind.READ, "second")
    called(found)

    found.leave(Kind.READ)

    assert called(found) == ["second"]


def test_a_full_line_takes_nobody_and_the_others_go_on():
    found = lines(most=3)

    assert [found.join(Kind.SEARCH, number) for number in range(4)] == [True, True, True, False]
    assert found.join(Kind.READ, "read")


def test_nobody_is_let_into_a_line_that_hardly_moves():
    clock = Clock()
    found = lines(threads=1, most=100, longest=1.0, clock=clock)
    for number in itertools.count():
        if not found.join(Kind.READ, number):
            break
        called(found)
        clock.now += 0.4
        if number % 2:
            found.leave(Kind.READ)

    assert number < 100
    assert found.join(Kind.WRITE, "another kind")


def test_a_line_that_was_slow_takes_people_again_once_it_is_short():
    clock = Clock()
    found = lines(threads=1, most=100, longest=1.0, clock=clock)
    found.join(Kind.READ, "first")
    clock.now += 60
    called(found)
    found.leave(Kind.READ)

    assert found.join(Kind.READ, "next")
    assert called(found) == ["next"]


def test_a_turn_tells_how_long_it_took_to_come():
    clock = Clock()
    found = lines(clock=clock)
    found.join(Kind.READ, "one")
    clock.now += 2.5

    assert found.call().waited == 2.5
