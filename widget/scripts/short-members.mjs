// The members of our classes and of what stands for them have short names in what is built. What the compiler would
// rename when one asks it to in an editor is renamed, so no type of the server, of the platform or of what is kept in
// the browser is touched.

import ts from 'typescript';

/** Interfaces of objects that stay in the window: what is sent or kept is written out with its names. */
const inMemory = /^(Shell|Line|Source|World|Host)$/;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The texts of the source files below root with short names, by path. Throws when they do not fit together any more. */
export function shortMembers(root) {
	const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(`${root}/tsconfig.json`, {}, ts.sys);
	const files = fileNames.filter((f) => f.startsWith(`${root}/src/`) && !/\/(shims|loader)/.test(f));
	const own = new Set(files.filter((f) => !/\/(protocol|channel)\.ts$|\.d\.ts$/.test(f)));
	const registry = ts.createDocumentRegistry(); // so that the platform's types are read once
	const service = serviceOf(files, options, new Map(), registry);
	const program = service.getProgram();
	const checker = program.getTypeChecker();

	/** Where a member is named, by its name. */
	const places = new Map();
	const take = (name) => {
		const file = name.getSourceFile().fileName;
		const all = service.findRenameLocations(file, name.getStart(), false, false, ofShorthands) ?? [];
		if (all.some((place) => !own.has(place.fileName))) return;
		places.set(name.text, [...(places.get(name.text) ?? []), ...all]);
	};
	const visit = (node) => {
		if (ts.isClassDeclaration(node)) for (const name of membersOf(node, checker, own)) take(name);
		if (ts.isInterfaceDeclaration(node) && inMemory.test(node.name.text))
			for (const { name } of node.members) if (name) take(name);
		ts.forEachChild(node, visit);
	};
	for (const file of own) visit(program.getSourceFile(file));

	const texts = rename(places, [...own]);
	const renamed = serviceOf(files, options, texts, registry).getProgram();
	const wrong = ts
		.getPreEmitDiagnostics(renamed)
		.map((d) => `${d.file?.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
	if (wrong.length) throw new Error(`Short names do not fit:\n${wrong.join('\n')}`);
	return texts;
}

const ofShorthands = { providePrefixAndSuffixTextForRename: true };

/** The names of a class's members, but for those that something outside asks for. */
function membersOf(node, checker, own) {
	const foreign = new Set();
	for (const type of (node.heritageClauses ?? []).flatMap((clause) => [...clause.types])) {
		const properties = checker.getTypeAtLocation(type).getProperties();
		const isForeign = (of) => of.declarations?.some((d) => !own.has(d.getSourceFile().fileName));
		if (properties.some(isForeign)) for (const { name } of properties) foreign.add(name);
	}
	const parameters = node.members.filter(ts.isConstructorDeclaration).flatMap((c) => [...c.parameters]);
	return [...node.members, ...parameters.filter((p) => ts.isParameterPropertyDeclaration(p, p.parent))]
		.map((member) => member.name)
		.filter((name) => name && ts.isIdentifier(name) && !foreign.has(name.text));
}

function rename(places, files) {
	const edits = new Map(files.map((file) => [file, new Map()]));
	// The names that stand most often get the shortest.
	[...places]
		.sort(([, a], [, b]) => b.length - a.length)
		.forEach(([, all], i) => {
			const short = `$${i < 52 ? '' : letters[Math.floor(i / 52)]}${letters[i % 52]}`;
			for (const { fileName, textSpan, prefixText = '', suffixText = '' } of all)
				edits.get(fileName).set(textSpan.start, [textSpan.length, prefixText + short + suffixText]);
		});
	return new Map(
		files.map((file) => {
			let text = ts.sys.readFile(file);
			for (const [start, [length, short]] of [...edits.get(file)].sort(([a], [b]) => b - a))
				text = text.slice(0, start) + short + text.slice(start + length);
			return [file, text];
		}),
	);
}

/** texts are files as they are to be taken; the others are as they are on the disk. */
function serviceOf(files, options, texts, registry) {
	const read = (file) => texts.get(file) ?? ts.sys.readFile(file);
	return ts.createLanguageService(
		{
			...ts.sys,
			getScriptFileNames: () => files,
			getScriptVersion: (file) => (texts.has(file) ? 'short' : ''),
			getScriptSnapshot: (file) => {
				const text = read(file);
				return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
			},
			getCompilationSettings: () => options,
			getDefaultLibFileName: ts.getDefaultLibFilePath,
			useCaseSensitiveFileNames: () => true,
		},
		registry,
	);
}
