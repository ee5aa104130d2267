# The catalog as a picture: drawn by the real Graphviz, read by the real
# Mermaid where MERMAID names a folder with `npm install mermaid jsdom` in it.
. "$(dirname "$0")/lib.sh"

# _svg FILE EXPRESSION: evaluate Python over what is drawn: title -> (texts,
# colours, dashes) of every node, edge and cluster.
_svg() {
	python3 - "$1" "$2" <<-'PYTHON'
		import sys
		import xml.etree.ElementTree as tree
		name = '{http://www.w3.org/2000/svg}'
		drawn = {}
		for group in tree.parse(sys.argv[1]).iter(name + 'g'):
		    title = group.find(name + 'title')
		    if title is None or group.get('class') == 'graph':
		        continue
		    shapes = [e for e in group.iter() if e.get('stroke')]
		    drawn.setdefault(title.text, []).append((
		        [e.text for e in group.iter(name + 'text')],
		        {e.get('stroke') for e in shapes},
		        any(e.get('stroke-dasharray') for e in shapes)))
		d = {title: parts[0] for title, parts in drawn.items()}
		assert eval(sys.argv[2]), drawn
	PYTHON
}

_draw() {
	need dot graphviz
	expect 0 bridge catalog graph --rev WORKTREE "$@"
	dot -Tsvg "$OUT" >"$T/svg" 2>"$T/dot-says" || fail "dot refuses it"
	same "$(cat "$T/dot-says")" ''
}

_drawn() {
	_svg "$T/svg" "$1" 2>"$T/why" || fail "not drawn: $1 in $(tail -n 1 "$T/why")"
}

_broken_catalog() {
	make_catalog
	local at=$T/ops/domains/edge
	add_bridge "$T/ops" one 18000 8000
	add_bridge "$T/ops" two 18000 8001
	add_bridge "$T/ops" lost 18002 8002
	sed -i 's/gateway/gatway/' "$at/bridges/lost.yaml"
	add_bridge "$T/ops" orphan 18003 8003
	sed -i 's/agent.test/nobody/' "$at/bridges/orphan.yaml"
	add_bridge "$T/ops" wide 99999 8004
	printf 'target: [\n' >"$at/bridges/torn.yaml"
	printf 'host: a.example.org\nproxy_jump: b\n' >"$at/targets/a.yaml"
	printf 'host: b.example.org\nproxy_jump: [a, nowhere]\n' >"$at/targets/b.yaml"
	printf 'host: 5\n' >"$at/targets/wrong.yaml"
}

the_example_is_drawn_with_its_domains_targets_and_bridges() {
	cd "$ROOT/opscatalog.example"
	_draw
	same "$(cat "$ERR")" ''
	_drawn 'd["cluster_domain:edge"][0][0] == "Edge"'
	_drawn 'd["cluster_domain:lab"][0][0] == "Lab"'
	_drawn 'd["target:edge/gateway"][0] == ["gateway", "127.0.0.1:2299"]'
	_drawn 'd["target:edge/gateway->service:127.0.0.1:8000"][0] == ["state-hub", "18000 -> 8000"]'
	_drawn 'not d["target:edge/gateway->service:127.0.0.1:8000"][2]'
	_drawn 'd["target:lab/bench-1->service:127.0.0.1:8022"][2]'
	_drawn 'd["target:lab/bench-1->target:edge/gateway"][2]'
	_drawn 'not any("red" in part[1] for part in d.values())'
}

two_runs_give_the_same_bytes_at_any_revision() {
	_broken_catalog
	commit "$T/ops"
	local format
	for format in dot mermaid json; do
		expect 0 bridge catalog graph --format $format -o "$T/one"
		expect 0 bridge catalog graph --format $format --output "$T/two"
		cmp "$T/one" "$T/two" || fail "$format differs"
		[ -s "$T/one" ] || fail "$format is empty"
	done
	expect 0 bridge catalog graph -o "$T/one"
	expect 0 bridge catalog graph "$T/ops" --rev WORKTREE -o "$T/two"
	cmp "$T/one" "$T/two"
	rm "$T/ops/domains/edge/bridges/one.yaml"
	expect 0 bridge catalog graph --rev HEAD
	cmp "$T/one" "$OUT"
}

what_is_wrong_is_red_and_does_not_stop_the_picture() {
	_broken_catalog
	_draw
	err_has '^bridge: 3 documents are broken, 8 errors in all'
	_drawn '"red" in d["target:edge/gateway->service:127.0.0.1:8000"][1]'
	_drawn '"port/clash" in d["target:edge/gateway->service:127.0.0.1:8000"][0]'
	_drawn '"red" in d["target:edge/gateway->service:127.0.0.1:8001"][1]'
	_drawn 'd["target:?/gatway"] == (["gatway", "reference/target"], {"red"}, True)'
	_drawn 'd["actor:nobody"] == (["nobody", "reference/actor"], {"red"}, True)'
	_drawn '"reference/actor" in d["target:edge/gateway->service:127.0.0.1:8003"][0]'
	_drawn 'd["target:?/nowhere"][1:] == ({"red"}, True)'
	_drawn 'd["target:edge/a->target:edge/b"][0] == ["jump", "proxy-jump/cycle"]'
	_drawn '"red" in d["target:edge/a->target:edge/b"][1]'
	_drawn '"red" in d["target:edge/b->target:edge/a"][1]'
	_drawn 'd["document:domains/edge/bridges/torn.yaml"][1] == {"red"}'
	_drawn '"? -> 8004" in d["target:edge/gateway->service:127.0.0.1:8004"][0]'
	_drawn 'd["target:edge/wrong"][1] == {"red"}'
	_drawn '"red" not in d["target:edge/gateway"][1]'
	_drawn '"red" not in d["service:127.0.0.1:8000"][1]'
}

a_rule_that_is_off_makes_nothing_red() {
	make_catalog
	add_bridge "$T/ops" one 18000 8000
	add_bridge "$T/ops" two 18000 8001
	_draw
	_drawn '"red" in d["target:edge/gateway->service:127.0.0.1:8000"][1]'
	printf "rules: {port/clash: 'off'}\n" >"$T/ops/catalog.yaml"
	_draw
	_drawn '"red" not in d["target:edge/gateway->service:127.0.0.1:8000"][1]'
	same "$(cat "$ERR")" ''
}

a_bridge_without_a_target_has_a_host_of_its_own() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000 'local_host: /run/hub.sock' "remote_bind: '*'"
	sed -i 's/target: gateway/host: far.example.org\nssh_port: 2222\nproxy_jump: ops@door:22/' \
		"$T/ops/domains/edge/bridges/hub.yaml"
	_draw
	_drawn 'd["host:far.example.org:2222->service:/run/hub.sock"][0] == ["hub", "*:18000 -> /run/hub.sock"]'
	_drawn 'd["host:far.example.org:2222->host:ops@door:22"][0] == ["hub: jump"]'
}

one_domain_comes_with_what_it_names_and_no_more() {
	cd "$ROOT/opscatalog.example"
	_draw --domain lab
	_drawn '"target:edge/gateway" in d and "cluster_domain:edge" in d'
	_drawn '"target:edge/gateway->service:127.0.0.1:8000" not in d'
	expect 0 bridge catalog graph --rev WORKTREE --domain edge
	out_lacks 'bench-1'
	expect 1 bridge catalog graph --rev WORKTREE --domain egde
	err_has "did you mean 'edge'"
}

json_has_domains_nodes_and_edges() {
	_broken_catalog
	expect 0 bridge catalog graph --rev WORKTREE --json
	cp "$OUT" "$T/json"
	same "$(json "$T/json" 'sorted(d)')" '["catalog", "domains", "edges", "nodes", "revision"]'
	same "$(json "$T/json" 'd["domains"][0]["id"], d["domains"][0]["name"]' | tr -d '()')" "'edge', 'Edge'"
	same "$(json "$T/json" '[e for e in d["edges"] if e["bridge"] == "two"][0]["problems"]')" '["port/clash"]'
	same "$(json "$T/json" '[e["remote_port"] for e in d["edges"] if e["bridge"] == "one"]')" '[18000]'
	same "$(json "$T/json" '[n["id"] for n in d["nodes"] if n["missing"]]')" \
		'["target:?/gatway", "target:?/nowhere", "actor:nobody"]'
	same "$(json "$T/json" 'all({e["from"], e["to"]} <= {n["id"] for n in d["nodes"]} for e in d["edges"])')" true
	expect 0 bridge catalog graph --rev WORKTREE --format json
	cmp "$OUT" "$T/json"
}

_hostile_catalog() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	cat >"$T/ops/domains/edge/domain.yaml" <<-'YAML'
		name: "1. <b>\"]\n end %%{init: {}}%% click n1 `x` &quot; #quot; \\N \\"
		description: "\"]; evil [label=\"x\\"
	YAML
	cat >"$T/ops/domains/edge/bridges/odd.yaml" <<-'YAML'
		host: "<\"]; click n1\n%%\e[31m\u202e\\G&lt;"
		remote_port: 18001
		local_host: "</svg>\\\""
		local_port: 8001
		actor: agent.test
	YAML
}

hostile_texts_are_drawn_as_they_are_by_graphviz() {
	_hostile_catalog
	_draw
	out_lacks "$(printf '\033')"
	_drawn 'd["cluster_domain:edge"][0] == [r"""1. <b>"]\x0a end %%{init: {}}%% click n1 `x` &quot; #quot; \N """ + chr(92)]'
	_drawn 'any(part[0] == [r"""<"]; click n1\x0a%%\x1b[31m\u202e\G&lt;"""] for part in d.values())'
	_drawn 'sorted(t.split(":")[0] for t in d if "->" not in t) == ["cluster_domain", "cluster_here", "host", "service", "service", "target"]'
}

hostile_texts_are_only_entities_in_mermaid() {
	_hostile_catalog
	expect 0 bridge catalog graph --rev WORKTREE --format mermaid
	same "$(head -n 1 "$OUT")" 'flowchart LR'
	# Apart from ours, a line is a subgraph, a node, an edge or a style.
	grep -vxE '	*(flowchart LR|end|subgraph (d[0-9]+|here)\["[^"`<>%{}\\]*"\]|n[0-9]+(\["|\(\[")[^"`%{}\\]*("\]|"\]\))|n[0-9]+ (-->|-\.->)\|"[^"`%{}\\]*"\| n[0-9]+|class [dn][0-9]+ bad|linkStyle [0-9]+ [a-z:0-9 ,-]+|classDef [a-z]+ [a-z:0-9 ,-]+)' \
		"$OUT" >"$T/strange" && fail "a line of its own: $(cat "$T/strange")"
	sed 's/<br\/>//g' "$OUT" | grep -n '[<`%{]' && fail "not escaped"
	out_has 'd1\["1#46; #60;b#62;#34;#93;#92;x0a end #37;#37;#123;init: '
}

_mermaid() {
	[ -n "${MERMAID:-}" ] || skip "no Mermaid: install mermaid and jsdom (npm), and set MERMAID to their folder"
	expect 0 bridge catalog graph --rev WORKTREE --format mermaid
	cp "$OUT" "$T/mermaid"
	cat >"$T/read.mjs" <<-'SCRIPT'
		import { createRequire } from 'module';
		import { readFileSync } from 'fs';
		import { pathToFileURL } from 'url';
		const require = createRequire(process.argv[2] + '/node_modules/');
		const { window } = new (require('jsdom').JSDOM)('<body></body>');
		Object.assign(globalThis, { window, document: window.document });
		const at = process.argv[2] + '/node_modules/mermaid/dist/mermaid.core.mjs';
		const mermaid = (await import(pathToFileURL(at))).default;
		mermaid.initialize({ securityLevel: 'strict' });
		const text = readFileSync(process.argv[3], 'utf8');
		const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
		const plain = (s) => s.replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCharCode(n));
		console.log(JSON.stringify({
		    nodes: [...db.getVertices().values()].map((n) =>
		        ({ text: plain(n.text), classes: n.classes, link: n.link ?? null })),
		    edges: db.getEdges().map((e) => ({ text: plain(e.text), stroke: e.stroke })),
		    domains: db.getSubGraphs().map((g) => plain(g.title)),
		}));
	SCRIPT
	expect 0 node "$T/read.mjs" "$MERMAID" "$T/mermaid"
}

mermaid_itself_reads_what_graphviz_draws() {
	_broken_catalog
	_mermaid
	same "$(json "$OUT" '[n["classes"] for n in d["nodes"] if "gatway" in n["text"]]')" '[["missing", "bad"]]'
	same "$(json "$OUT" 'sorted(e["text"] for e in d["edges"])[-2]')" 'two<br>18000 -> 8001<br>port/clash'
	_hostile_catalog
	_mermaid
	same "$(json "$OUT" 'd["domains"][0]')" '1. <b>"]\x0a end %%{init: {}}%% click n1 `x` &quot; #quot; \N \'
	same "$(json "$OUT" '{n["link"] for n in d["nodes"]} == {None}')" true
}

what_cannot_be_read_or_written_is_3() {
	make_catalog
	expect 3 bridge catalog graph "$T/nowhere"
	expect 3 bridge catalog graph --rev nosuch
	expect 3 bridge catalog graph --rev WORKTREE -o "$T/no/file"
	err_has 'cannot write'
	expect 3 bridge catalog graph --rev WORKTREE -o /dev/full
	expect 2 bridge catalog graph --format svg
	err_has 'dot\|mermaid\|json'
	expect 2 bridge catalog graph --format text
	expect 0 bridge help catalog graph
	out_has '--format F +dot .*mermaid or json'
	expect 0 bridge help catalog validate
	out_has '--format F +text, json'
}

run_tests
