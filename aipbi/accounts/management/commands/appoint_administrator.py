"""The first ASEC administrator of a new portal: everybody else is invited from its pages (U1)."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment, Office, Person


class Command(BaseCommand):
    help = "Make a person ASEC administrator from today. They set a password by “Forgotten your password?”."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    @transaction.atomic
    def handle(self, *args: Any, email: str, **options: Any) -> None:
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as fault:
            raise CommandError(f"“{email}” is not an e-mail address.") from fault
        person = Person.objects.filter(email__iexact=email).first() or Person.objects.create_user(email=email)
        EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"primary": True})
        office = Office.objects.get_or_create(role=Role.ADMIN, ams=None, body=None)[0]
        if Appointment.objects.current(today()).filter(person=person, office=office).exists():
            self.stdout.write(f"{email} is ASEC administrator already.")
            return
        Appointment.objects.create(person=person, office=office, starts=today())
        self.stdout.write(
            f"{email} is ASEC administrator from today. They choose “Forgotten your password?” on the sign-in page, "
            "then set up a second factor."
        )
