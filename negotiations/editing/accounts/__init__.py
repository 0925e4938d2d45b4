"""Who works at the desk: log-in, invitations, second factors, sessions. Built on django-allauth."""
