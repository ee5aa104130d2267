/*
 * What lies at a path of a revision.
 */
#ifndef CATALOG_REVISION_ENTRY_H
#define CATALOG_REVISION_ENTRY_H

enum revision_kind { REVISION_COMMIT, REVISION_INDEX, REVISION_WORKTREE };

enum entry_kind {
	ENTRY_FILE,
	ENTRY_FOLDER,
	ENTRY_OTHER, /* a symbolic link, a submodule, a device */
};

struct revision_entry {
	const char *name;
	enum entry_kind kind;
	unsigned char blob_id[20]; /* a folder's tree; zero in the working
				      tree, and for folders of the index */
};

/* By name, for qsort(). */
int revision_entry_compare(const void *a, const void *b);

#endif
