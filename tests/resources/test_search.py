"""The search shows of every object what its queryset shows, whoever asks: no more, and no less."""

import pytest

from backoffice.identity.rules import Scope
from backoffice.identity.selectors import access_of
from backoffice.resources.records import Resource
from backoffice.search import indexing, selectors, sources
from backoffice.search.models import SearchEntry
from tests.factories import identity
from tests.factories.identity import AT
from tests.resources.scene import Scene

ROLES = ("owner", "administrator", "hr_analyst", "hr_manager", "finance", "it_agent", "auditor")
PEOPLE = [
    *((role, Scope.COMPANY) for role in ROLES),
    ("manager", Scope.TEAM),
    ("hr_analyst", Scope.TEAM),
    ("hr_manager", Scope.OWN),
    ("employee", Scope.OWN),
]


@pytest.fixture
def found(scene: Scene, elsewhere: Scene, resource: Resource) -> Scene:
    """Records here and in another company, all of them in the index."""
    if resource.name not in sources.names():
        pytest.skip("not looked through, see sources.EXCLUDED")
    scene.record()
    scene.record()
    elsewhere.record()
    indexing.renew_marked(on=AT.date(), limit=1_000_000)
    return scene


def test_what_is_searched_is_what_the_queryset_lets_each_person_see(
    found: Scene, resource: Resource
) -> None:
    users = [identity.make_user(found.company, role, scope=scope) for role, scope in PEOPLE]
    indexing.renew_marked(on=AT.date(), limit=1_000_000)  # whoever asks may be found as well
    entries = SearchEntry.objects.filter(company=found.company, kind=resource.name)
    for user, (role, scope) in zip(users, PEOPLE, strict=True):
        access = access_of(user, found.company.pk, AT.date())
        visible = set(resource.queryset(access).values_list("pk", flat=True))
        if not access.can(resource.view_permission):
            assert resource.name not in selectors.visible_kinds(access)
            continue
        condition = selectors.seen(access, [resource.name], entries)
        rows = set(entries.filter(condition).values_list("record_id", flat=True))
        assert rows == visible, (role, scope)


def test_a_record_is_found_by_its_title_and_opens(found: Scene, resource: Resource) -> None:
    user = identity.make_user(found.company, "owner")
    access = access_of(user, found.company.pk, AT.date())
    entries = SearchEntry.objects.filter(company=found.company, kind=resource.name)
    title = entries.order_by("-record_id").values_list("title", flat=True)[0]
    (group,) = selectors.find(access, title[:90], kinds=[resource.name])
    assert identity.browser(user, found.company).get(group.hits[0].url).status_code == 200
    assert all(
        hit.pk in resource.queryset(access).values_list("pk", flat=True) for hit in group.hits
    )
