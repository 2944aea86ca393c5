"""The HTTP API and the web interface: requests become calls of ``graphcorr.service``, and nothing else.

calls        what a call is: declared once, for the server, for checks and for the OpenAPI document
routes/      the calls, one module a subject
problems     every error as RFC 9457 problem details
guards       what every request has to pass, and what every answer carries
openapi      the document for generated clients
pages        the files of the web interface
application  all of it together
server       uvicorn with it
"""
