"""Signing in, the people, the version."""

import re

import requests
from timesketch_api_client import client

from harness import check, equal, holds, raises


def connect(world, user, password):
    return client.TimesketchApi(world.url, username=user, password=password, retry_count=1)


@check("login: right password", is_ground=True)
def login_ok(world):
    world.api = connect(world, world.user, world.password)
    equal(world.api.current_user.username, world.user, "user name")


@check("login: administrator", is_ground=True)
def login_admin(world):
    world.admin_api = connect(world, world.admin, world.admin_password)
    equal(world.admin_api.current_user.is_admin, True, "is_admin")


@check("login: wrong password is refused")
def login_wrong(world):
    raises(RuntimeError, lambda: connect(world, world.user, "not it"), "Invalid username or password")


@check("login: unknown user is refused")
def login_unknown(world):
    raises(RuntimeError, lambda: connect(world, "nobody-such", "x"), "Invalid username or password")


@check("login: the page carries the token in both places and a cookie")
def login_page(world):
    page = requests.get(f"{world.url}/login/?local_auth=1", timeout=10)
    equal(page.status_code, 200)
    meta = re.search(r'<meta name="csrf-token" content="([^"]+)"', page.text)
    field = re.search(r'id="csrf_token"[^>]*value="([^"]+)"', page.text)
    equal(meta.group(1), field.group(1), "the two tokens")
    holds("session" in page.cookies, "no session cookie")


@check("login: an API read without a session goes to the sign-in page")
def login_redirect(world):
    answer = requests.get(f"{world.url}/api/v1/sketches/", allow_redirects=False, timeout=10)
    equal(answer.status_code, 302)
    equal(answer.headers["Location"], "/login/?next=%2Fapi%2Fv1%2Fsketches%2F")


@check("login: a write without a token is refused")
def login_csrf(world):
    answer = requests.post(f"{world.url}/api/v1/sketches/", json={"name": "x"}, timeout=10)
    equal(answer.status_code, 400)
    equal(answer.json()["message"], "The CSRF token is missing.")


@check("login: signing out ends the session")
def logout(world):
    api = connect(world, world.user, world.password)
    api.session.get(f"{world.url}/logout/")
    answer = api.session.get(f"{world.url}/api/v1/users/me/", allow_redirects=False)
    equal(answer.status_code, 302)


@check("version: client and server")
def version(world):
    text = world.api.version
    holds("API Client: 20261014" in text and "TS Backend: 20261014" in text, f"version text is {text!r}")


@check("users: list has both")
def users_list(world):
    names = {user.username for user in world.api.list_users()}
    holds({world.user, world.admin} <= names, f"users are {names}")


@check("users: administrator makes one, who signs in")
def users_create(world):
    made = world.admin_api.create_user("checker", "first-password")
    equal(made.username, "checker")
    connect(world, "checker", "first-password")


@check("users: only administrators make users")
def users_create_forbidden(world):
    raises(RuntimeError, lambda: world.api.create_user("other", "some-password"), "403")


@check("users: changing one's password")
def users_password(world):
    api = connect(world, "checker", "first-password")
    equal(api.current_user.change_password("second-password"), True)
    connect(world, "checker", "second-password")
    raises(RuntimeError, lambda: connect(world, "checker", "first-password"))


@check("users: one by id, found without the trailing slash")
def users_get(world):
    mine = world.api.current_user
    number = mine.data["objects"][0]["id"]
    equal(world.api.get_user(number).username, world.user)
    equal(mine.groups, [])
    equal(mine.is_active, True)
