"""Members that ask the server and that no check calls, each with its reason."""

UNCALLED = {
    "client.TimesketchApi.authenticate_oauth_session": "asks Google, by an address that cannot be changed",
}
