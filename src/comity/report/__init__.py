"""Pages for people: the brief and the dossiers as HTML, PDF, DOCX, XLSX and JSON, from one document tree, in English and Korean."""
