# Repositories that have lost or damaged something: what it is, and the command
# that brings it back, which is run here as it stands.
. "$(dirname "$0")/origin.sh"

a_missing_object_is_fetched_again_from_where_it_came() {
	_origin
	git clone -q "$T/ops" "$T/clone" # hard links: loose, as in the original
	rm -f "$(_loose "$T/clone" HEAD:domains/edge/bridges/b1.yaml)"
	_one_error bridge catalog show b1 --catalog "$T/clone"
	err_has "object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml' is not in the repository; run git "
	err_lacks 'partial'
	_one_error bridge catalog validate --catalog "$T/clone"
	expect 0 bridge catalog show b2 --catalog "$T/clone"
	_one_error bridge targets show gateway --catalog "$T/clone"
	_one_error bridge up b1 --catalog "$T/clone"

	_run_what_it_says_after ' run '
	_works "$T/clone"
}

without_a_remote_another_clone_can_help() {
	_origin
	git clone -q "$T/ops" "$T/clone"
	rm -f "$(_loose "$T/ops" HEAD:domains/edge/bridges/b1.yaml)"
	_one_error bridge catalog validate --catalog "$T/ops"
	err_has 'fetch --refetch CLONE, another clone that has it'
	sed -i "s|CLONE, another clone that has it|$T/clone|" "$ERR"
	_run_what_it_says_after ' run '
	_works "$T/ops"
}

a_damaged_object_is_removed_and_fetched_again() {
	_origin
	git clone -q --no-hardlinks "$T/ops" "$T/clone"
	local file
	file=$(_loose "$T/clone" HEAD:domains/edge/bridges/b1.yaml)
	chmod u+w "$file"
	echo damage >"$file"
	_one_error bridge catalog show b1 --catalog "$T/clone"
	err_has "cannot read the object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml': "
	_one_error bridge catalog validate --catalog "$T/clone"

	_run_what_it_says_after ' run '
	_works "$T/clone"
}

an_index_that_points_behind_its_pack_is_made_anew() {
	_origin
	git_here "$T/ops" repack -qad
	git clone -q --shared "$T/ops" "$T/clone"
	local index at
	index=$(echo "$T/ops"/.git/objects/pack/pack-*.idx)
	chmod u+w "$index"
	# The first offset: behind the fan-out, and an id and a checksum each.
	at=$((8 + 1024 + 24 * $(git -C "$T/ops" count-objects -v | sed -n 's/^in-pack: //p')))
	printf '\x7f\x00\x00\x00' | dd of="$index" bs=1 seek=$at conv=notrunc status=none

	for at in ops clone; do
		_one_error bridge catalog validate --catalog "$T/$at"
		err_has "pack-[0-9a-f]{40}.idx' does not fit its pack; "
	done
	_run_what_it_says_after ' run '
	_works "$T/ops"
	_works "$T/clone"
}

an_index_of_packs_that_points_behind_them_is_done_without() {
	_origin
	git_here "$T/ops" repack -qad
	git -C "$T/ops" multi-pack-index write
	local index=$T/ops/.git/objects/pack/multi-pack-index
	_works "$T/ops"
	chmod u+w "$index"
	python3 - "$index" <<-'PYTHON'
		import struct, sys
		with open(sys.argv[1], "r+b") as file:
		    index = file.read()
		    for at in range(12, 12 + 12 * index[6], 12):
		        if index[at:at + 4] == b"OOFF":
		            file.seek(struct.unpack(">Q", index[at + 4:at + 12])[0] + 4)
		            file.write(struct.pack(">I", 0x0c000001))
	PYTHON

	_one_error bridge catalog validate --catalog "$T/ops"
	err_has "multi-pack-index' does not fit its packs; "
	_run_what_it_says_after ' run '
	_works "$T/ops"
}

an_offset_near_the_largest_number_is_behind_its_pack_too() {
	_origin
	git_here "$T/ops" repack -qad
	git -C "$T/ops" multi-pack-index write
	local index=$T/ops/.git/objects/pack/multi-pack-index
	chmod u+w "$index"
	# All objects at the first of the long offsets, a chunk that is added.
	python3 - "$index" <<-'PYTHON'
		import struct, sys
		index = open(sys.argv[1], "rb").read()
		rows = [(index[at:at + 4], struct.unpack(">Q", index[at + 4:at + 12])[0])
		        for at in range(12, 12 + 12 * (index[6] + 1), 12)]
		chunks = {name: index[at:end] for (name, at), (_, end) in zip(rows, rows[1:])}
		chunks[b"OOFF"] = struct.pack(">II", 0, 1 << 31) * (len(chunks[b"OOFF"]) // 8)
		chunks[b"LOFF"] = struct.pack(">Q", 2 ** 64 - 16)
		with open(sys.argv[1], "wb") as file:
		    file.write(index[:6] + bytes([len(chunks)]) + index[7:12])
		    at = 12 + 12 * (len(chunks) + 1)
		    for name, chunk in chunks.items():
		        file.write(name + struct.pack(">Q", at))
		        at += len(chunk)
		    file.write(bytes(4) + struct.pack(">Q", at) + b"".join(chunks.values()) + index[-20:])
	PYTHON

	_one_error bridge catalog validate --catalog "$T/ops"
	err_has "multi-pack-index' does not fit its packs; "
}

a_disk_full_of_damage_is_one_message() {
	_origin
	local i file
	for i in 1 2 3; do
		file=$(_loose "$T/ops" "HEAD:domains/edge/bridges/b$i.yaml")
		chmod u+w "$file"
		echo damage >"$file"
	done
	_one_error bridge catalog validate --catalog "$T/ops"
	err_has "of 'domains/edge/bridges/b1.yaml': .*; 2 more cannot be read"
}

a_lost_catalog_yaml_or_schema_is_not_passed_over() {
	_origin
	printf 'name: Ops\n' >"$T/ops/catalog.yaml"
	mkdir "$T/ops/schemas"
	printf 'type: object\n' >"$T/ops/schemas/bridge.schema.yaml"
	printf 'type: object\n# t\n' >"$T/ops/schemas/target.schema.yaml"
	printf 'type: object\n# d\n' >"$T/ops/schemas/domain.schema.yaml"
	commit "$T/ops" settings
	local file command
	for file in catalog.yaml schemas/bridge.schema.yaml; do
		mv "$(_loose "$T/ops" "HEAD:$file")" "$T/kept"
		for command in 'catalog validate' 'catalog show b1' 'catalog graph' 'catalog diff HEAD HEAD' 'up b1'; do
			[ "$file $command" != 'schemas/bridge.schema.yaml up b1' ] || continue
			_one_error bridge $command --catalog "$T/ops"
			err_has "object [0-9a-f]{40} of '$file' is not in the repository"
		done
		mv "$T/kept" "$(_loose "$T/ops" "HEAD:$file")"
	done
}

a_lost_folder_of_the_past_is_no_change() {
	_origin
	rm -f "$(_loose "$T/ops" HEAD~1:domains/edge/bridges)"
	_one_error bridge catalog log b1 --catalog "$T/ops"
	err_has "an object of 'domains/edge/bridges/b1.yaml' is not in the repository"
	out_lacks 'added'
}

a_lost_document_of_the_past_may_be_what_was_renamed() {
	_origin
	local at=$T/ops/domains/edge/bridges damaged
	git_here "$T/ops" mv "$at/b1.yaml" "$at/c1.yaml"
	sed -i 's/8002/8003/' "$at/c1.yaml"
	commit "$T/ops" 'b1 is c1'
	expect 0 bridge catalog log c1 --catalog "$T/ops"
	out_has 'renamed from domains/edge/bridges/b1.yaml'

	damaged=$(_loose "$T/ops" HEAD~1:domains/edge/bridges/b1.yaml)
	chmod u+w "$damaged"
	echo damage >"$damaged"
	_one_error bridge catalog log c1 --catalog "$T/ops"
	err_has "cannot read the object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml'"
	out_lacks 'added'
	rm -f "$damaged"
	_one_error bridge catalog log c1 --catalog "$T/ops"
	err_has "object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml' is not in the repository"
	out_lacks 'added'
}

a_lost_commit_of_the_past_is_no_shallow_clone() {
	_origin
	rm -f "$(_loose "$T/ops" HEAD~1)"
	_one_error bridge catalog log b1 --catalog "$T/ops"
	err_has 'object [0-9a-f]{40} of '
	err_lacks 'shallow'
}

what_is_gone_is_not_unknown_where_the_past_is_lost() {
	_origin
	git_here "$T/ops" rm -q domains/edge/bridges/b1.yaml
	commit "$T/ops" 'no b1'
	git_here "$T/ops" commit -q --allow-empty -m later
	expect 0 bridge catalog log b1 --catalog "$T/ops"
	expect 1 bridge catalog log b9 --catalog "$T/ops"
	local lost words file
	while read -r lost words; do
		file=$(_loose "$T/ops" "$lost")
		mv "$file" "$T/kept"
		_one_error bridge catalog log b1 --catalog "$T/ops"
		err_has "$words' is not in the repository"
		err_lacks 'shallow'
		mv "$T/kept" "$file"
	done <<-END
		HEAD~2 object [0-9a-f]{40} of '\.
		HEAD~2^{tree} object [0-9a-f]{40} of '\.
		HEAD~2:domains/edge object [0-9a-f]{40} of 'domains/edge
		HEAD~2:domains/edge/bridges object [0-9a-f]{40} of 'domains/edge/bridges
		HEAD~2:domains/edge/bridges/b1.yaml object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml
		HEAD~3 object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml
	END
	git clone -q --depth 1 "$URL" "$T/shallow"
	expect 1 bridge catalog log b1 --catalog "$T/shallow"
	err_has "no definition is called 'b1'"
	err_has "shallow clone; for the rest run git -C $T/shallow fetch --unshallow\$"
}

what_is_gone_below_a_lost_folder_is_not_unknown() {
	forgive_libgit2
	mkdir "$T/repo"
	make_catalog "$T/repo/some/cat"
	mv "$T/repo/some/cat/.git" "$T/repo/"
	add_bridge "$T/repo/some/cat" hub 18000 8000
	commit "$T/repo" 'add hub'
	rm "$T/repo/some/cat/domains/edge/bridges/hub.yaml"
	commit "$T/repo" 'no hub'
	expect 0 bridge catalog log hub --catalog "$T/repo/some/cat"
	rm -f "$(_loose "$T/repo" HEAD~1:some)"
	_one_error bridge catalog log hub --catalog "$T/repo/some/cat"
	err_has "an object of 'some/cat' is not in the repository"
}

run_tests
