"""What crawlers, browsers and assistants read first: sitemaps, OpenSearch, llms.txt."""
