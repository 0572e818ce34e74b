import pytest

from tests.gateway import factories
from tests.gateway.client import Client
from tests.gateway.factories import World


@pytest.fixture
def world(db: None) -> World:
    return factories.build()


@pytest.fixture
def client(world: World) -> Client:
    return Client(world)
