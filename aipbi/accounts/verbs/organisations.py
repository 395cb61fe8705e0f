"""An organisation, its colleagues, and what each of them may do in it (U4)."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import CorporateGroup, Member, Organisation, Person
from aipbi.accounts.verbs.saving import save


@transaction.atomic
def found(*, person: Person, name: str, country: str, kind: str, corporate_group: str = "") -> Organisation:
    """Make an organisation with the person as its owner. Raises ValidationError."""
    organisation = Organisation(name=name, country=country, kind=kind, corporate_group=group(corporate_group))
    save(organisation)
    save(Member(person=person, organisation=organisation, role=Membership.OWNER, starts=today()))
    return organisation


@transaction.atomic
def own_first(*, organisation: Organisation, person: Person) -> Member:
    """Make the person owner of an organisation that was named for them and that nobody has joined yet.

    Raises ValidationError where somebody ever was in it: then it is theirs to invite.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Member.objects.filter(organisation=organisation).exists():
        raise ValidationError(_("%(organisation)s has people already.") % {"organisation": organisation})
    member = Member(person=person, organisation=organisation, role=Membership.OWNER, starts=today())
    save(member)
    return member


def group(name: str) -> CorporateGroup | None:
    """Return the corporate group of that name, whatever its capitals; make it when it is new."""
    name = " ".join(name.split())
    if not name:
        return None
    # Small letters as the database writes them: by these it holds two names to be one.
    known = CorporateGroup.objects.alias(small=Lower("name")).filter(small=Lower(Value(name)))
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            return CorporateGroup.objects.create(name=name)
    except IntegrityError:
        # Somebody quicker made it.
        return known.get()


@transaction.atomic
def describe(
    *, organisation: Organisation, by: Capacity, name: str, country: str, kind: str, corporate_group: str
) -> None:
    """Change what the organisation is called, where it sits and to whom it belongs. Raises ValidationError."""
    rules.require(rules.runs_organisation(by, organisation), by)
    organisation.name, organisation.country, organisation.kind = name, country, kind
    organisation.corporate_group = group(corporate_group)
    save(organisation)


@transaction.atomic
def change_role(*, member: Member, role: Membership, by: Capacity) -> Member:
    """Let a colleague do more or less from today; what they did before stays dated.

    Raises ValidationError for a member who has left and for the last owner.
    """
    rules.require(rules.runs_organisation(by, member.organisation), by)
    member = _held(member)
    if member.role == role:
        return member
    _keep_an_owner(member)
    member.ends = today()
    save(member)
    follower = Member(person=member.person, organisation=member.organisation, role=role, starts=today())
    save(follower)
    return follower


@transaction.atomic
def end(*, member: Member, by: Capacity) -> None:
    """End a membership today; an owner ends anybody's, everybody their own. Raises ValidationError as `change_role`."""
    own = by.organisation == member.organisation and by.person == member.person
    rules.require(own or rules.runs_organisation(by, member.organisation), by)
    member = _held(member)
    _keep_an_owner(member)
    member.ends = today()
    save(member)


def _held(member: Member) -> Member:
    """Lock the organisation, so that two owners can't leave at once, and return the member as they are now."""
    Organisation.objects.select_for_update().get(pk=member.organisation_id)
    member = Member.objects.select_related("person", "organisation").get(pk=member.pk)
    if member.ends:
        raise ValidationError(_("This person has left the organisation already."))
    return member


def _keep_an_owner(member: Member) -> None:
    owners = Member.objects.current(today()).filter(
        organisation_id=member.organisation_id, role=Membership.OWNER, person__is_active=True
    )
    if member.role == Membership.OWNER and not owners.exclude(pk=member.pk).exists():
        raise ValidationError(_("Somebody must remain owner. Make a colleague an owner first."))
