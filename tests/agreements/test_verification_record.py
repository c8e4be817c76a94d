"""Every single change of the embedded record is found and named; the record has the form that its schema says."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from io import BytesIO
from itertools import islice
from typing import Any

import pikepdf
import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from registry.agreements import comparison, record, verification
from registry.agreements.content import PartyFacts, compose
from registry.agreements.content import digest as content_digest
from registry.agreements.inputs import ArticleText, Opinion, TaskRow
from registry.agreements.models import Agreement, AgreementRevision, DocumentKind, LegalResult, RevisionKind
from registry.agreements.offline import examine
from registry.agreements.record_changes import Change, differences
from registry.agreements.services import clearance, signing
from registry.agreements.texts.catalogue import all_templates
from registry.agreements.texts.template import ModelTemplate
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.instance import settings
from registry.documents.data import LARGEST_RECORD
from registry.documents.verdicts import State, own_trust
from tests.agreements import drafts
from tests.agreements.scene import Scene, make_scene
from tests.agreements.signed import SignedAgreement, keep, keys, render, sign_all
from tests.conftest import Client
from tests.documents.tampering import swap_record

OTHER_DIGEST = "The content inside the record does not have the digest that the record names: it was changed"
ARTICLES = (ArticleText("0", "", "为促进合作，订立本协议。"), ArticleText("1", "第一条　宗旨", "共同发展。\n互利。"))
Path = tuple[str | int, ...]


@pytest.fixture
def scene(app: Flask, fonts: object) -> Scene:
    keys()
    with transaction():
        return make_scene()


def short(scene: Scene) -> Agreement:
    """Being signed, with a text of two articles and one commitment, so that it is soon judged."""
    bureau, university = scene.bureau, scene.university
    task = TaskRow(task="专场招聘", target="2", unit="场", period="年")
    agreement = scene.draft(template="", variables={}, articles=ARTICLES, tasks=(task,))
    clearance.submit(agreement, bureau.handler)
    clearance.clear(agreement, Opinion("同意"), bureau.section_head)
    clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), bureau.legal_officer)
    clearance.clear(agreement, Opinion("同意", minutes_number="纪要〔2026〕7号"), bureau.leader)
    clearance.clear(agreement, Opinion("同意"), university.section_head)
    clearance.clear(agreement, Opinion("同意"), university.leader)
    signing.start_signing(agreement, bureau.leader)
    return agreement


def record_bytes(agreement: Agreement) -> bytes:
    """The record as the registry writes it."""
    revision = agreement.open_revision or agreement.effective_revision
    assert revision
    return record.record_of(agreement, revision, settings().public_url)


def mutations(value: Any, path: Path = ()) -> Iterator[tuple[Any, Path, Change]]:
    """Every way to change one thing in a value: leaves changed, members added and removed, lists turned round."""
    if isinstance(value, dict):
        yield value | {"另加": "x"}, (*path, "另加"), Change.ADDED
        for key in value:
            yield {name: one for name, one in value.items() if name != key}, (*path, key), Change.REMOVED
            for changed, where, kind in mutations(value[key], (*path, key)):
                yield value | {key: changed}, where, kind
    elif isinstance(value, list):
        yield from _of_list(value, path)
    else:
        yield _other(value), path, Change.CHANGED


def _of_list(value: list[Any], path: Path) -> Iterator[tuple[Any, Path, Change]]:
    yield [*value, "另加"], (*path, len(value)), Change.ADDED
    if value != value[::-1]:
        yield value[::-1], path, Change.REORDERED
    for place, one in enumerate(value):
        yield value[:place] + value[place + 1 :], (*path, place), Change.REMOVED
        for changed, where, kind in mutations(one, (*path, place)):
            yield [*value[:place], changed, *value[place + 1 :]], where, kind


def _other(leaf: Any) -> Any:
    if isinstance(leaf, bool):
        return not leaf
    if leaf is None:
        return "x"
    return leaf + (1 if isinstance(leaf, int) else "改")


def written(fields: Any) -> bytes:
    """As the registry writes records."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1).encode()


def with_record(pdf: bytes, data: bytes) -> bytes:
    """Made anew around another record, without any signature."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        specification = opened.Root.Names.EmbeddedFiles.Names[1]
        specification.EF.F.write(data)
        target = BytesIO()
        opened.save(target)
    return target.getvalue()


def test_each_change_of_a_real_record_has_its_own_name(scene: Scene) -> None:
    with transaction():
        due = json.loads(record_bytes(scene.signing()))
    tried = 0
    for changed, path, kind in mutations(due):
        (one,) = differences(changed, due)
        assert (one.path, one.change) == (path, kind)
        assert one.json_path in one.words.english
        tried += 1
    assert tried > 400


@pytest.mark.parametrize(("given", "due"), [(1, True), (1, 1.0), (0, False), ("", None), ([], {}), ("1", 1)])
def test_types_count(given: object, due: object) -> None:
    assert [one.change for one in differences({"a": given}, {"a": due})] == [Change.CHANGED]


def test_changes_are_named_in_a_signed_file_and_in_one_made_anew(scene: Scene) -> None:
    with transaction():
        agreement = short(scene)
    signed = sign_all(scene, agreement, render(agreement))
    found = verification.find(agreement.verification_code or "")
    due = json.loads(record_bytes(agreement))
    texts = [text for text in (ARTICLES[0].text_zh, ARTICLES[1].heading_zh, "专场招聘", "鞍山市人力资源") if text]
    # Each of them has its own name by the test above: of the files, every ninth will do.
    for changed, path, kind in islice(mutations(due), 0, None, 9):
        data = written(changed)
        _named_in_signed(signed, swap_record(signed.closed, data), path, kind, found, texts)
        _named_in_new(with_record(signed.unsigned, data), path, kind, found, changed)


def _named_in_signed(
    signed: SignedAgreement,
    pdf: bytes,
    path: Path,
    kind: Change,
    found: verification.PublicRecord | None,
    texts: list[str],
) -> None:
    told = comparison.judge(pdf, found)
    assert told.state is State.INVALID
    assert "The attachment agreement.json was exchanged" in [one.english for one in told.reasons]
    assert [(one.path, one.change) for one in told.differences] == [(path, kind)]
    words = told.differences[0].words.english
    assert told.differences[0].json_path in words
    assert not any(text in words for text in texts)
    alone = examine(pdf, own_trust())
    assert alone.state is State.INVALID
    assert [(one.path, one.change) for one in alone.differences] == [(path, kind)]


def _named_in_new(
    pdf: bytes, path: Path, kind: Change, found: verification.PublicRecord | None, changed: dict[str, Any]
) -> None:
    told = comparison.judge(pdf, found)
    assert told.state is State.INVALID
    assert [(one.path, one.change) for one in told.differences] == [(path, kind)]
    alone = examine(pdf, own_trust())
    touches_content = path[0] in ("content", "content_sha256")
    assert (alone.state is State.INVALID) == touches_content


def test_a_text_without_a_public_paper_cannot_be_guessed_at(scene: Scene) -> None:
    """A later revision that its parties still talk about is compared with nothing."""
    with transaction():
        agreement = short(scene)
    signed = sign_all(scene, agreement, render(agreement))
    with transaction():
        first = agreement.revisions[0]
        secret = copy.deepcopy(first.content)
        secret["commitments"][0]["target"] = "300"
        first.take_effect(today())
        first.supersede(today())
        db.session.flush()
        made = AgreementRevision(agreement=agreement, no=2, kind=RevisionKind.AMENDMENT, content=secret)
        made.content_sha256, made.hash_version = content_digest(secret), first.hash_version
        db.session.add(made)
    db.session.expire_all()
    guessed = record.record_of(agreement, agreement.revisions[1], settings().public_url)
    told = comparison.judge(with_record(signed.unsigned, guessed), verification.find(agreement.verification_code or ""))
    assert "$.content.commitments[0].target" in [one.json_path for one in told.differences]


@pytest.mark.parametrize(("given", "due"), [([1] * 100_000, [2]), ([1] * 5_000, [2] * 5_000)])
def test_lists_without_end_are_not_matched(given: list[int], due: list[int]) -> None:
    assert [(one.path, one.change) for one in differences({"a": given}, {"a": due})] == [(("a",), Change.CHANGED)]


def test_a_record_without_end_is_not_read() -> None:
    assert record.read(b'{"a": "' + b"x" * LARGEST_RECORD + b'"}').faults == (record.UNREADABLE,)


def test_a_file_rendered_anew_from_a_changed_text_is_found(scene: Scene) -> None:
    with transaction():
        agreement = short(scene)
        keep(agreement, render(agreement), DocumentKind.SIGNING_COPY)
    revision = agreement.open_revision
    assert revision
    forged = copy.deepcopy(revision.content)
    forged["commitments"][0]["target"] = "3"
    with db.session.no_autoflush:
        revision.__dict__["content"] = forged
        pdf = render(agreement)
    db.session.expire_all()
    told = comparison.judge_alone(pdf)
    assert told.state is State.INVALID
    assert [one.json_path for one in told.differences] == ["$.content.commitments[0].target"]
    assert told.found is None
    assert OTHER_DIGEST in [one.english for one in examine(pdf, own_trust()).reasons]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ],
)
def test_hostile_records_are_unreadable(data: bytes) -> None:
    assert record.read(data).faults == (record.UNREADABLE,)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"{}", record.UNKNOWN_FORM),
        (b'{"hash_version": "c1", "content": {"x": 1.5}, "content_sha256": ""}', record.OTHER_DIGEST),
        (b'{"hash_version": "c1", "content": {"x": "\\ud800"}, "content_sha256": ""}', record.OTHER_DIGEST),
        (b'{"hash_version": "c1", "hash_version": "c1", "content": {}}', record.TWICE),
    ],
)
def test_what_speaks_against_a_record_by_itself(data: bytes, fault: object) -> None:
    assert fault in record.read(data).faults


def test_names_of_foreign_fields_are_cut_and_cleaned() -> None:
    (one,) = differences({"\ud800\u202e" + "x" * 200: 1}, {})
    assert len(one.words.english.encode()) < 300
    assert "\u202e" not in one.words.english


@pytest.mark.parametrize("make", [Scene.signing, short])
def test_the_record_has_the_form_of_its_schema(scene: Scene, make: Callable[[Scene], Agreement]) -> None:
    schema = json.loads(record.schema_bytes())
    Draft202012Validator.check_schema(schema)
    with transaction():
        fields = json.loads(record_bytes(make(scene)))
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(fields)] == []
    assert fields["$schema"] == f"{settings().public_url}/schemas/agreement-record-1.json"
    assert not validator.is_valid(fields | {"more": 1})


@pytest.mark.parametrize("template", all_templates(), ids=lambda one: one.code)
def test_every_model_text_fits_the_schema(template: ModelTemplate) -> None:
    made = compose(drafts.draft(template.code), drafts.NAMES)
    parties = {str(one["position"]): asdict(PartyFacts(one["name"])) for one in made["parties"]}
    fields = made | {"number": "鞍校地协〔2026〕1号", "facts": parties}
    schema = json.loads(record.schema_bytes())
    content_alone = {"$defs": schema["$defs"], "$ref": "#/$defs/content"}
    assert [error.message for error in Draft202012Validator(content_alone).iter_errors(fields)] == []


def test_the_schema_is_published_and_may_be_kept(scene: Scene, client: Client) -> None:
    answer = client.get("/schemas/agreement-record-1.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/schema+json"
    assert answer.data == record.schema_bytes()
    assert "public" in answer.headers["Cache-Control"]
    again = client.get("/schemas/agreement-record-1.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
