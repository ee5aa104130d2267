/*
 * What `bridge catalog validate` cannot be faster than on one thread: every
 * file of HEAD read by libgit2 and run through libyaml's event parser, with
 * nothing kept and nothing checked.
 *
 *	floor REPOSITORY
 *
 * To be timed as a whole, as the command it is compared with is.
 */
#include <git2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

struct totals {
	git_repository *repository;
	size_t files, bytes, events;
};

static void die(const char *what)
{
	const git_error *error = git_error_last();

	fprintf(stderr, "floor: %s: %s\n", what,
		error && error->message ? error->message : "unknown failure");
	exit(1);
}

static size_t count_events(const unsigned char *bytes, size_t length)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool done = false;
	size_t events = 0;

	if (!yaml_parser_initialize(&parser))
		die("libyaml");
	yaml_parser_set_input_string(&parser, bytes, length);
	while (!done) {
		if (!yaml_parser_parse(&parser, &event))
			die("a document is no YAML");
		done = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
		events++;
	}
	yaml_parser_delete(&parser);
	return events;
}

static int visit(const char *root, const git_tree_entry *entry, void *data)
{
	struct totals *totals = data;
	git_blob *blob;

	(void)root;
	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	if (git_blob_lookup(
		    &blob, totals->repository, git_tree_entry_id(entry)))
		die(git_tree_entry_name(entry));
	totals->files++;
	totals->bytes += (size_t)git_blob_rawsize(blob);
	totals->events += count_events(
		git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	return 0;
}

int main(int argc, char **argv)
{
	struct totals totals = {.files = 0};
	git_object *tree;

	if (argc != 2) {
		fputs("usage: floor REPOSITORY\n", stderr);
		return 2;
	}
	if (git_libgit2_init() < 0)
		die("libgit2");
	if (git_repository_open(&totals.repository, argv[1]))
		die(argv[1]);
	if (git_revparse_single(&tree, totals.repository, "HEAD^{tree}"))
		die("HEAD");
	if (git_tree_walk((git_tree *)tree, GIT_TREEWALK_PRE, visit, &totals))
		die("the tree of HEAD");
	git_object_free(tree);
	git_repository_free(totals.repository);
	fprintf(stderr, "%zu files, %zu bytes, %zu events\n", totals.files,
		totals.bytes, totals.events);
	return 0;
}
