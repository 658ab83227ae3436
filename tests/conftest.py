"""What every test may ask for: people of each role, and how widely laws are tried."""

import pytest
from django.contrib.auth.models import Group, User
from hypothesis import HealthCheck, settings

from evidence.services import roles

settings.register_profile(
    "normal",
    derandomize=True,  # the same examples at every run
    deadline=None,  # no test depends on how fast the machine is
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("normal"), max_examples=1000)


def pytest_configure(config: pytest.Config) -> None:
    """Try laws on many more examples where the deep tests are run too."""
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("normal" if config.option.markexpr == "not deep" else "deep")


def person(role: str, name: str = "") -> User:
    """A person who may sign in and has this role."""
    user = User.objects.create_user(name or role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def reader(db: None) -> User:
    """Somebody who may look at everything and change nothing."""
    return person(roles.READER)


@pytest.fixture
def curator(db: None) -> User:
    """Somebody who enters and submits records."""
    return person(roles.CURATOR)


@pytest.fixture
def reviewer(db: None) -> User:
    """Somebody who also accepts, rejects and retracts."""
    return person(roles.REVIEWER)


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who reviews and manages users."""
    return person(roles.ADMINISTRATOR)


@pytest.fixture
def system(db: None) -> User:
    """The user as whom the shipped records are loaded."""
    return User.objects.get(username=roles.SYSTEM)
