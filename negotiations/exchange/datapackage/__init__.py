"""All public records as a Frictionless Data Package, out and in: https://datapackage.org"""
