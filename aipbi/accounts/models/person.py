"""A person who signs in; what they may do comes from the capacities they hold, never from here."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.asean.models.member_states import iana_zone


class PersonManager(BaseUserManager["Person"]):
    """People by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Create a person with a normalised e-mail; no password means they cannot sign in by one."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        """Return the person with this address, whatever its case; raise DoesNotExist."""
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody with an e-mail address. Signing in gives nothing by itself (U5)."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Jakarta", validators=[iana_zone])
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def is_administrator(self) -> bool:
        """Whether the person is ASEC administrator today; asked once per request."""
        return self.appointments.current(today()).filter(office__role=Role.ADMIN).exists()

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Answer the admin's pages, whose own door has let in nobody but administrators."""
        return self.is_active and self.is_administrator

    def has_module_perms(self, app: str) -> bool:
        """Answer as `has_perm`: the admin holds no app that an administrator may not see."""
        return self.has_perm(app)
