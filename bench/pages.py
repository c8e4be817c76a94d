"""The pages that `bench.scale` asks, and which records of the data its readers look at."""

from collections.abc import Mapping

from sqlalchemy import func, select

from registry.agreements.models import Agreement, AgreementVisibility
from registry.commitments.models import Commitment
from registry.core.access.scope import without_scope
from registry.core.db import db
from registry.relationships.models import Relationship, RelationshipRecord, RelationshipVisibility

from .plenty import user

PAGES: Mapping[str, str] = {
    "list, first page": "/agreements",
    "list, page 20": "/agreements?page=20",
    "list, one status": "/agreements?status=in_force",
    "agreement": "/agreements/{agreement}",
    "commitments": "/commitments",
    "commitments, all": "/commitments?show=all",
    "relationships": "/relationships",
    "relationship": "/relationships/{relationship}",
    "tasks": "/tasks",
    "activities": "/activities",
    "activities, totals": "/activities/totals",
    "visits, first page": "/visits",
    "workstations": "/workstations",
    "mechanisms": "/mechanisms",
    "docking board": "/docking/board",
    "docking figures": "/docking/figures",
    "to do": "/todo",
    "overview": "/overview",
    "overview, a month": "/overview?from=2024-05&to=2024-05",
    "overview, wall": "/overview/wall",
    "metrics": "/metrics",
    "search, two characters": "/search?q=鞍山",
    "search, one character": "/search?q=鞍",
    "search, in every title": "/search?q=合作",
    "search, two words": "/search?q=沈阳 框架",
    "search, initials": "/search?q=dbdx",
    "search, pinyin": "/search?q=dongbeidaxue",
    "search, common pinyin": "/search?q=anshan",
    "search, two letters": "/search?q=an",
    "search, a number": "/search?q=校地协 〔2020〕 77号",
    "search, one kind": "/search?q=大学&kind=agreement",
    "search, nothing there": "/search?q=昆明海洋",
    "suggestions": "/search/suggest?q=框架",
}
READERS = ("province", "bureau", "school")
FLOOR = "/healthz"


def examples(public_id: str) -> dict[str, str]:
    """For a reader the newest agreement with promises, and the relationship with the most records."""
    reader = user(public_id).organisation_id
    with without_scope():
        agreements = (
            select(AgreementVisibility.agreement_id)
            .join(Commitment, Commitment.agreement_id == AgreementVisibility.agreement_id)
            .where(AgreementVisibility.organisation_id == reader)
            .order_by(AgreementVisibility.sort_on.desc(), AgreementVisibility.agreement_id.desc())
        )
        seen, records = RelationshipVisibility, RelationshipRecord
        relationships = (
            select(seen.record_id)
            .join(records, records.relationship_id == seen.record_id)
            .where(seen.organisation_id == reader)
            .group_by(seen.record_id)
            .order_by(func.count().desc(), seen.record_id)
        )
        agreement = db.session.get_one(Agreement, db.session.scalars(agreements.limit(1)).one())
        relationship = db.session.get_one(Relationship, db.session.scalars(relationships.limit(1)).one())
        return {"agreement": agreement.public_id, "relationship": relationship.public_id}
