/*
 * A catalog and its documents, as all of store/ fills them and everybody
 * reads them: see catalog.h.
 */
#ifndef CATALOG_TYPES_H
#define CATALOG_TYPES_H

#include "catalog/git/revision.h"
#include "schema/embedded.h"
#include "schema/yaml/node.h"

struct document {
	enum document_kind kind;
	uint32_t hash;      /* of kind and id */
	const char *id;     /* from the path */
	const char *domain; /* of targets, bridges and domains; else NULL */
	const char *path;   /* relative to the catalog's root */
	const struct source *source;
	const struct node *root; /* NULL when it did not parse */
	/* Without the values that the schema rejects
	 * (catalog/document/valid_part.h); for rules. */
	const struct node *valid_part;
	bool valid;       /* parsed, and the schema has no error */
	bool read;        /* source, root and valid are known */
	bool digested;    /* root is but a digest */
	enum rule broken; /* why it is not valid, once it is read */
	bool missing; /* a domain's folder is there without its domain.yaml */
	/* Known after rules_check(): */
	uint32_t references;             /* how often others name it */
	struct document *target, *actor; /* what it names, or NULL */
	struct revision_entry entry;     /* for reading it */
	unsigned mark;                   /* scratch of one rule */
};

/* Documents of one kind, in the order of domain, then id. */
struct documents {
	struct document **list;
	size_t count, capacity;
};

struct catalog {
	struct arena arena;
	struct revision *revision;
	struct document *settings; /* catalog.yaml, or NULL */
	struct documents of[DOCUMENT_KINDS];
	bool listed;
	bool configured; /* severities_configure() has been here */
	size_t files;    /* documents read so far */
	/*
	 * How load_catalog() goes about it, to be set before.
	 *
	 * Keep of every tree only what the cross-document rules need: root is
	 * a digest (catalog/document/rule_view.h) until catalog_read() is asked
	 * for the document.
	 */
	bool digests;
	/* Another catalog will have this one as its base. */
	bool is_base;
	/*
	 * Another revision of the catalog, loaded in the same way: documents
	 * that it has, too, are not parsed again. It must live longer.
	 */
	struct catalog *base;
	/*
	 * Told from time to time how many documents have been read, from the
	 * thread that loads; or NULL.
	 */
	void (*reading)(void *data, size_t documents);
	void *reading_data;
	/*
	 * Is tunnels.yaml known, and which actors does it define (a map, or
	 * NULL)? The resolver sets it; they must live longer.
	 */
	bool has_config;
	const struct node *config_actors;
	/* The rest is the catalog's own. */
	struct schemas *schemas;
	struct documents known; /* a hash table over kind and id */
	struct documents blobs; /* another, over kind and blob id */
	const char *domain;     /* of the last document that was added */
	struct diags said;      /* of each document alone; of a base */
	struct arena *arenas;   /* of the threads of load_catalog() */
	size_t arena_count;
	unsigned suggestions; /* of names, made so far */
};

#endif
