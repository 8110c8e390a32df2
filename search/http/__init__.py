"""The service over HTTP: Falcon answers, gunicorn serves; no other package speaks to either."""
