/*
 * The OpsCatalog at a revision: its documents, found, parsed and checked
 * against their schemas.
 *
 *	catalog_open()     opens; reads nothing but catalog.yaml
 *	catalog_find()     one document by its id, and no other
 *	catalog_list()     the ids of a kind, by the names of the files alone
 *	catalog_load()     everything, for validate and the cross-document rules
 *
 * A document is parsed once; asking again returns the same one. One broken
 * document never hides another.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

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
	const struct node *sound;
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
	bool configured; /* rules_configure() has been here */
	size_t files;    /* documents read so far */
	/*
	 * How catalog_load() goes about it, to be set before.
	 *
	 * Keep of every tree only what the cross-document rules need: root is
	 * a digest (catalog/document/rule_view.h) until catalog_read() is asked
	 * for the document.
	 */
	bool digests;
	/* Another catalog will have this one as its elder. */
	bool is_elder;
	/*
	 * Another revision of the catalog, loaded in the same way: documents
	 * that it has, too, are not parsed again. It must live longer.
	 */
	struct catalog *elder;
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
	struct diags said;      /* of each document alone; of an elder */
	struct arena *arenas;   /* of the threads of catalog_load() */
	size_t arena_count;
	unsigned suggestions; /* of names, made so far */
};

/*
 * The catalog takes the revision over, also when it fails. A broken
 * catalog.yaml is reported and is no failure: look at settings->valid.
 */
bool catalog_open(struct catalog **catalog, struct revision *revision,
	struct diags *diags);

/* Accepts NULL. */
void catalog_close(struct catalog *catalog);

/*
 * Fill catalog->of[] with every document's kind, id and path, from names
 * alone; unexpected files, bad ids and duplicates are reported.
 */
bool catalog_list(struct catalog *catalog, struct diags *diags);

/*
 * Read, parse and check one listed or found document. For one that was read
 * before and is not valid, one more error says so.
 */
bool catalog_read(struct catalog *catalog, struct document *document,
	struct diags *diags);

/*
 * The document with this id, read: a bridge, target, actor or domain. The
 * cost does not depend on the catalog's size. A target or bridge may be
 * written "domain/id". *document is NULL, without an error, when there is
 * none; false when there is one that cannot be used.
 */
bool catalog_find(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags);

/*
 * The same without reading the document: it need not be valid. *document is
 * NULL, without an error, when there is none.
 */
bool catalog_locate(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags);

/* "the whole document", for findings; valid as long as the catalog. */
struct origin catalog_origin(
	struct catalog *catalog, const struct document *document);

/* Everything. False when anything in it is an error. */
bool catalog_load(struct catalog *catalog, struct diags *diags);

/* Lists, reads, and applies the rules of catalog/rules/rules.h: what `validate`
 * does. */
bool catalog_validate(struct catalog *catalog, struct diags *diags);

#endif
