"""Hand-written evidence reads like what the hub saw."""

from evidence import a_profile, by, during, get, met, put, seen


def test_a_story_is_numbered_and_keeps_its_steps_ghosts_and_faults():
    body = a_profile("p1", 3)
    evidence = seen(
        get("ParticipantProfile/p1", body),
        by("staff", put("ParticipantProfile/p1", body, if_match='W/"3"')),
        during("A3-update", met("F1", put("ParticipantProfile/p1", body, 412, if_match='W/"3"'))),
    )

    assert [each.number for each in evidence] == [1, 2, 3]
    assert [each.who for each in evidence] == ["partner", "staff", "partner"]
    assert evidence.first.answer_headers == {"etag": 'W/"3"'}
    assert evidence.faulted("F1").first.step == "A3-update"
    assert evidence.last.headers == {"if-match": 'W/"3"'}


def test_what_criteria_name_is_what_the_answer_tells():
    told = seen(put("ParticipantProfile?pirl-unique-id=CF1", a_profile(), 200, a_profile("p1", 2)))

    assert told.first.reference == "ParticipantProfile/p1"
