"""Parts of a brief or dossier: each module turns results of measures into blocks with findings as titles."""
