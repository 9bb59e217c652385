"""Any page of HTML, whoever wrote it -> parts as its headings make them -> chapters."""
