// The members of our classes and of what stands for them have short names in what is built, and private ones lose their
// sign, which would stand at each use: here the compiler has seen to it that nobody else reaches them. What it would rename
// when one asks it to in an editor is renamed, so no type of the server, of the platform or of what is kept in the browser
// is touched.

import ts from 'typescript';

/** Interfaces of objects that stay in the window: what is sent or kept is written out with its names. */
const inMemory = /^(Shell|Line|Source|World|Host|VNode|Tree|State|Props|WhyProps)$/;
/** Those that a minifier gives its variables first come first: what repeats is compressed. */
const letters = [...'etnriaoscludfpmhgvybxwkjqzSCTEDOAMNPFILRBVHUWGKJYXZQ'];
const names = ['', ...letters].flatMap((first) => letters.map((letter) => first + letter));

/** The texts of the source files below root with short names, by path. Throws when they do not fit together any more. */
export function shortMembers(root) {
	const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(`${root}/tsconfig.json`, {}, ts.sys);
	const files = fileNames.filter((f) => f.startsWith(`${root}/src/`) && !/\/(shims|loader)/.test(f));
	const own = new Set(files.filter((f) => !/\/(protocol|channel)\.ts$|\.d\.ts$/.test(f)));
	const registry = ts.createDocumentRegistry(); // so that the platform's types are read once
	const service = serviceOf(files, options, new Map(), registry);
	const program = service.getProgram();
	const checker = program.getTypeChecker();

	/** Members by name, private ones of each class apart: where they are named, and the classes and interfaces that have them. */
	const members = new Map();
	const take = (name, ...homes) => {
		const file = name.getSourceFile().fileName;
		const found = service.findRenameLocations(file, name.getStart(), false, false, ofShorthands) ?? [];
		if (found.some((place) => !own.has(place.fileName))) return;
		const key = ts.isPrivateIdentifier(name) ? homes + name.text : name.text;
		const known = members.get(key) ?? { places: [], homes: [] };
		members.set(key, { places: [...known.places, ...found], homes: [...known.homes, ...homes] });
	};
	const visit = (node) => {
		if (ts.isClassDeclaration(node)) for (const name of membersOf(node, checker, own)) take(name, node.name.text);
		if (ts.isInterfaceDeclaration(node) && inMemory.test(node.name.text))
			for (const { name } of node.members) if (name) take(name, node.name.text);
		if (isOfView(node))
			for (const { name } of node.members) if (name && !ofVNodes.test(name.text)) take(name, ...homesOf(node));
		ts.forEachChild(node, visit);
	};
	for (const file of own) visit(program.getSourceFile(file));

	refuseCopies(program, checker, own, members);
	const texts = rename([...members.values()], [...own]);
	const renamed = serviceOf(files, options, texts, registry).getProgram();
	const wrong = ts
		.getPreEmitDiagnostics(renamed)
		.map((d) => `${d.file?.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
	if (wrong.length) throw new Error(`Short names do not fit:\n${wrong.join('\n')}`);
	return texts;
}

/**
 * A copy with changes that has no type of its own, { ...state, email }, keeps the names of its changes: the renamed copy
 * would hold both, and fit. Throws where there is one.
 */
function refuseCopies(program, checker, own, members) {
	const at = (file, start) => `${file}:${start}`;
	const renamed = new Set();
	for (const { places } of members.values())
		for (const { fileName, textSpan } of places) renamed.add(at(fileName, textSpan.start));
	const isRenamed = (node) => renamed.has(at(node.getSourceFile().fileName, node.getStart()));
	const visit = (node) => {
		const copied = ts.isObjectLiteralExpression(node) ? node.properties.filter(ts.isSpreadAssignment) : [];
		for (const { expression } of copied)
			for (const { name } of node.properties) {
				const member = name?.text && checker.getTypeAtLocation(expression).getProperty(name.text);
				if (member?.declarations?.some((d) => d.name && isRenamed(d.name)) && !isRenamed(name))
					throw new Error(`${node.getSourceFile().fileName}: the copy with another ${name.text} needs a type`);
			}
		ts.forEachChild(node, visit);
	};
	for (const file of own) visit(program.getSourceFile(file));
}

const ofShorthands = { providePrefixAndSuffixTextForRename: true };

/** What vnode.ts gives a view, or keeps from it. */
const ofVNodes = /^(key|children)$/;

/** What is written out as the type of what a view is given, alone or with another type: { client: Client } & Line. */
const isOfView = (node) =>
	ts.isTypeLiteralNode(node) &&
	/\.tsx$/.test(node.getSourceFile().fileName) &&
	(ts.isParameter(node.parent) || (ts.isIntersectionTypeNode(node.parent) && ts.isParameter(node.parent.parent)));

const homesOf = ({ parent, pos }) => [
	`${parent.getSourceFile().fileName}:${pos}`,
	...(parent.types ?? []).flatMap((type) => type.typeName?.text ?? []),
];

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
		.filter((name) => name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) && !foreign.has(name.text));
}

function rename(members, files) {
	const edits = new Map(files.map((file) => [file, new Map()]));
	const taken = new Set();
	// The names that stand most often get the shortest. Classes that have nothing in common may use the same.
	for (const { places, homes } of members.sort((a, b) => b.places.length - a.places.length)) {
		const short = names.find((name) => !homes.some((home) => taken.has(`${home}.${name}`)));
		for (const home of homes) taken.add(`${home}.${short}`);
		for (const { fileName, textSpan, prefixText = '', suffixText = '' } of places)
			edits.get(fileName).set(textSpan.start, [textSpan.length, prefixText + short + suffixText]);
	}
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
