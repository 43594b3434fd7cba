import json
import multiprocessing
import stat

import pytest

from app.keyring.keys import Keys, write_private


def made_at_once(folder, barrier, answers):
    barrier.wait()
    keys = Keys.load_or_create(folder)
    answers.put((keys.signing.current.kid, keys.pepper))


def kids(keys):
    return [key["kid"] for key in keys.signing.published()["keys"]]


def test_keys_are_made_once_and_found_again(tmp_path):
    first = Keys.load_or_create(tmp_path / "data")

    second = Keys.load_or_create(tmp_path / "data")

    assert kids(second) == kids(first)
    assert (second.pepper, second.cursor_secret) == (first.pepper, first.cursor_secret)


def test_the_kid_is_the_thumbprint_of_the_key(tmp_path):
    signing = Keys.load_or_create(tmp_path).signing.current

    assert signing.kid == signing.thumbprint()


def test_derived_secrets_differ_from_each_other_and_from_their_root(tmp_path):
    keys = Keys.load_or_create(tmp_path)

    assert len({keys.secret, keys.pepper, keys.cursor_secret}) == 3
    assert {len(keys.pepper), len(keys.cursor_secret)} == {32}


def test_only_the_owner_may_read_what_is_kept(tmp_path):
    folder = tmp_path / "data"

    Keys.load_or_create(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [(each.name, stat.S_IMODE(each.stat().st_mode)) for each in folder.iterdir()] == [
        ("keys.json", 0o600)
    ]


def test_keys_are_never_printed(tmp_path):
    keys = Keys.load_or_create(tmp_path)
    kept = json.loads((tmp_path / "keys.json").read_text())

    assert kept["signing"]["d"] not in f"{keys} {keys!r}"
    assert str(keys.secret) not in f"{keys} {keys!r}"


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path):
    several = multiprocessing.get_context("spawn")
    barrier, answers = several.Barrier(4), several.Queue()
    processes = [
        several.Process(target=made_at_once, args=(tmp_path / "data", barrier, answers))
        for _ in range(4)
    ]
    for each in processes:
        each.start()

    found = {answers.get(timeout=60) for _ in processes}

    for each in processes:
        each.join(timeout=60)
    assert len(found) == 1
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut off"),
        pytest.param("[]", id="not an object"),
        pytest.param('{"signing": {}, "secret": ""}', id="no key in it"),
    ],
)
def test_a_damaged_file_stops_the_start_with_a_sentence(tmp_path, text):
    (tmp_path / "keys.json").write_text(text)

    with pytest.raises(ValueError, match=r"keys\.json is damaged"):
        Keys.load_or_create(tmp_path)


def test_a_public_key_alone_is_a_damaged_file(tmp_path):
    Keys.load_or_create(tmp_path)
    path = tmp_path / "keys.json"
    kept = json.loads(path.read_text())
    del kept["signing"]["d"]
    path.write_text(json.dumps(kept))

    with pytest.raises(ValueError, match="is damaged"):
        Keys.load_or_create(tmp_path)


def test_the_first_writer_of_a_private_file_wins(tmp_path):
    path = tmp_path / "secret"
    write_private(path, "first", replace=False)

    with pytest.raises(FileExistsError):
        write_private(path, "second", replace=False)

    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
