extension GrubEvaluator {
    /// Commands that change neither variables nor the menu, and whose success matters to nobody here.
    private static let harmless: Set<String> = [
        "insmod", "rmmod", "echo", "terminal_input", "terminal_output", "terminal", "loadfont", "gfxmode", "load_video",
        "background_image", "background_color", "clear", "cls", "play", "sleep", "serial", "password",
        "password_pbkdf2",
        "save_env", "list_env", "cryptomount", "loopback", "videoinfo", "videotest", "ls", "cat", "help", "keymap",
        "outb", "outw", "outl", "drivemap", "parttool", "setjmp", "fwsetup", "acpi", "devicetree", "dump", "hexdump",
        "keystatus", "usb", "nativedisk", "hello", "verify_detached", "trust", "distrust", "list_trusted", "fakebios",
        "loadbios", "cpuid", "tpm", "rdmsr", "wrmsr", "module", "module2", "xen_module", "xen_initrd", "date", "time",
        "gptsync", "hdparm", "blocklist", "crc", "sha256sum", "md5sum", "cmp", "lsefi", "lspci", "lsmmap",
        "authenticate",
        "hfsplus_bless", "efi_fwsetup", "fallback", "theme", "bli", "kbdlayouts", "keyboard", "lsfonts",
    ]
    /// Commands that boot something that is not Linux by GRUB's Linux loader.
    private static let otherLoaders: Set<String> = [
        "chainloader", "multiboot", "multiboot2", "xen_hypervisor", "ntldr", "freedos", "kfreebsd", "knetbsd",
        "kopenbsd", "legacy_kernel", "truecrypt", "linux_xen", "appleloader", "xnu_kernel64", "xnu_kernel", "plan9",
    ]

    /// Runs one command.
    mutating func command(_ words: [GrubWord], block: [GrubStatement]?, line: Int) {
        var values: [GrubValue] = []
        for word in words {
            values += expand(word)
            guard values.count < GrubEvaluator.mostWords, !state.hasEnded else {
                state.missing.append("a command of too many words at \(path):\(line)")
                state.hasEnded = true
                return
            }
        }
        var isNegated = false
        while values.first?.text == "!", values.count > 1 {
            values.removeFirst()
            isNegated.toggle()
        }
        guard let name = values.first else {
            state.status = true
            return
        }
        guard name.isCertain || name.text.contains("=") else {
            note("the name of a command is not known: \(name.text)", line: line)
            state.missing.append("the command at \(path):\(line) is not known")
            state.status = nil
            return
        }
        state.status = true
        execute(name, Array(values.dropFirst()), block: block, line: line)
        if isNegated { state.status = state.status.map { !$0 } }
    }

    private mutating func execute(_ name: GrubValue, _ arguments: [GrubValue], block: [GrubStatement]?, line: Int) {
        switch name.text {
        case "set": if let first = arguments.first { assign(first) }
        case "unset": for argument in arguments { state.variables[argument.text] = nil }
        case "export":
            for argument in arguments {
                let parts = argument.text.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { assign(argument) }
                if let name = parts.first, state.exported.count < 4096 { state.exported.insert(String(name)) }
            }
        case "true": state.status = true
        case "false": state.status = false
        case "[", "test": test(name.text == "[" ? arguments.dropLast() : arguments[...])
        case "load_env": loadEnvironment(arguments, line: line)
        case "menuentry", "submenu": addEntry(arguments, block, isSubmenu: name.text == "submenu", line: line)
        case "source", ".": includeScript(arguments, command: "source", line: line)
        case "configfile", "normal": includeScript(arguments, command: name.text, line: line)
        case "extract_entries_source", "extract_entries_configfile", "legacy_configfile", "legacy_source", "uki",
            "syslinux_configfile", "syslinux_source":
            state.missing.append("'\(name.text)' at \(path):\(line) is not evaluated")
            state.status = nil
        case "linux", "linux16", "linuxefi": linux(arguments, line: line)
        case "initrd", "initrd16", "initrdefi": state.initrds = Array(arguments.prefix(256))
        case "blscfg": loaderEntries(line: line)
        case "search", "search.fs_uuid", "search.fs_label", "search.file", "regexp", "probe", "smbios", "read",
            "getenv",
            "cutmem", "setpci", "inb", "inw", "inl", "file", "search.part_uuid", "search.part_label":
            setByRuntime(name.text, arguments)
        case "increment", "decrement": for argument in arguments { count(argument, name.text == "increment" ? 1 : -1) }
        case "setparams": state.arguments = arguments
        case "shift": if !state.arguments.isEmpty { state.arguments.removeFirst() }
        case "eval":
            let text = GrubEvaluator.join(arguments)
            if text.isCertain {
                runFile(Array(text.text.utf8), path: path)
            } else {
                state.missing.append("'eval' at \(path):\(line) of a text that is not known")
                state.open("'eval' of a text that is not known", names: [])
            }
        case "return": state.hasReturned = true
        case "exit", "normal_exit", "halt", "reboot", "boot": state.hasEnded = true
        default: other(name, arguments, line: line)
        }
    }

    private mutating func other(_ name: GrubValue, _ arguments: [GrubValue], line: Int) {
        if name.text.contains("="), arguments.isEmpty || !name.text.hasPrefix("=") {
            assign(name)
        } else if let body = state.functions[name.text] {
            let outer = state.arguments
            state.arguments = arguments
            run(body)
            state.arguments = outer
            state.hasReturned = false
        } else if GrubEvaluator.otherLoaders.contains(name.text) {
            state.action = .other(
                command: name.text, arguments: GrubEvaluator.join(arguments),
                location: GrubLocation(path: path, line: line))
        } else {
            if !GrubEvaluator.harmless.contains(name.text), unknownCommands.count < 256 {
                unknownCommands.insert(String(name.text.prefix(64)))
            }
            state.status = nil
        }
    }

    // MARK: Variables

    /// `name=value`; without `=` nothing is set.
    private mutating func assign(_ word: GrubValue) {
        guard let equals = word.text.utf8.firstIndex(of: UInt8(ascii: "=")), equals > word.text.startIndex else {
            return
        }
        let value = String(word.text[word.text.index(after: equals)...])
        let doubts = word.doubts.filter { $0.kind == .replaceable || $0.kind == .tooLong || value.contains($0.token) }
        state.set(String(word.text[..<equals]), GrubValue(value, doubts: doubts))
    }

    private mutating func count(_ name: GrubValue, _ difference: Int) {
        let old = state.value(of: name.text)
        guard old.isCertain, let number = Int(old.text.isEmpty ? "0" : old.text),
            number > -1_000_000, number < 1_000_000
        else {
            state.set(name.text, .unknown(name.text, reason: "counted at run time"))
            return
        }
        state.set(name.text, GrubValue(String(number + difference)))
    }

    /// A command that asks the firmware or a disk and may set a variable by `--set NAME`, `--set=NAME` or `-s NAME`.
    private mutating func setByRuntime(_ command: String, _ arguments: [GrubValue]) {
        state.status = nil
        let isSearch = command.hasPrefix("search")
        for (index, argument) in arguments.enumerated() {
            var name: String?
            if argument.text.hasPrefix("--set=") {
                name = String(argument.text.dropFirst(6))
            } else if ["--set", "-s"].contains(argument.text) {
                let next = index + 1 < arguments.count ? arguments[index + 1].text : ""
                name = next.isEmpty || next.hasPrefix("-") ? "root" : next
                // `search --set LABEL` sets root, `search --set NAME LABEL` sets NAME: keep both unknown.
                if isSearch { state.set("root", .unknown("root", reason: "found by '\(command)' at run time")) }
            }
            guard var name, !name.isEmpty else { continue }
            // regexp writes `--set 1:name`.
            if let colon = name.firstIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
            state.set(name, .unknown(name, reason: "found by '\(command)' at run time"))
        }
        if command == "read" || command == "getenv" || command.hasPrefix("in"), let last = arguments.last {
            state.set(last.text, .unknown(last.text, reason: "read by '\(command)' at run time"))
        }
    }

    private mutating func test(_ words: ArraySlice<GrubValue>) {
        let find = files
        var test = GrubTest(Array(words)) { value in
            guard let path = value.path else { return .unreadable(reason: "the path is not known") }
            return find(path)
        }
        state.status = test.evaluate()
    }

    // MARK: Files

    /// Looks a file up and records how that ended; nil stands for a path that is not known.
    private mutating func find(_ value: GrubValue, command: String, line: Int) -> GrubFile? {
        let file = value.path.map(files)
        let state: GrubLookup.State
        switch file {
        case .bytes, .directory: state = .loaded
        case .absent: state = .absent
        case .unreadable(let reason): state = .unreadable(reason: reason)
        case nil: state = .unresolved(value.doubts)
        }
        let lookup = GrubLookup(
            command: command, path: value.path ?? value.text, location: GrubLocation(path: path, line: line),
            state: state)
        if lookups.count < 1024, !lookups.contains(lookup) { lookups.append(lookup) }
        return file
    }

    private mutating func loadEnvironment(_ arguments: [GrubValue], line: Int) {
        var file = state.value(of: "prefix")
        file.append("/grubenv", doubts: [])
        var names: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if ["-f", "--file"].contains(argument.text), index + 1 < arguments.count {
                file = arguments[index + 1]
                index += 1
            } else if argument.text.hasPrefix("--file=") {
                file = GrubValue(String(argument.text.dropFirst(7)), doubts: argument.doubts)
            } else if !argument.text.hasPrefix("-") {
                names.append(argument.text)
            }
            index += 1
        }
        let reason = "may be set by '\(file.text)', "
        switch find(file, command: "load_env", line: line) {
        case .bytes(let bytes):
            guard let block = try? GrubEnvironmentBlock(bytes) else {
                note("'\(file.text)' is not an environment block", line: line)
                state.status = false
                return
            }
            for variable in block.variables.prefix(4096) where names.isEmpty || names.contains(variable.name) {
                state.set(variable.name, GrubValue(variable.value))
            }
        case .absent, .directory: state.status = false
        case .unreadable(let why):
            state.open(reason + "which could not be read: \(why)", names: names)
            state.status = nil
        case nil:
            state.open(reason + "whose path is not known", names: names)
            state.status = nil
        }
    }

    /// `source` goes on in the same context; `configfile` replaces the menu by that of the file.
    private mutating func includeScript(_ arguments: [GrubValue], command: String, line: Int) {
        guard let file = arguments.first(where: { !$0.text.hasPrefix("-") }) else { return }
        switch find(file, command: command, line: line) {
        case .bytes(let bytes):
            let name = file.path ?? file.text
            guard command != "source" else {
                runFile(bytes, path: name)
                state.hasReturned = false
                return
            }
            let outer = state
            state = state.exportedContext
            runFile(bytes, path: name)
            if state.entries.isEmpty, state.action == .none {
                let missing = state.missing
                state = outer
                state.missing += missing
            } else {
                // The menu of the file is what is shown and booted; nothing behind the command is run.
                state.hasReturned = false
                state.hasEnded = true
            }
        case .absent, .directory: state.status = false
        case .unreadable(let why): unread("'\(file.text)' could not be read: \(why)", line: line)
        case nil: unread("'\(file.text)' is not known", line: line)
        }
    }

    private mutating func unread(_ reason: String, line: Int) {
        state.missing.append("script at \(path):\(line): \(reason)")
        state.open("may be set by a script that was not read: \(reason)", names: [])
        state.status = nil
    }

    // MARK: Menu and loaders

    private mutating func addEntry(_ arguments: [GrubValue], _ block: [GrubStatement]?, isSubmenu: Bool, line: Int) {
        var positional: [GrubValue] = []
        var id: GrubValue?
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            let option = argument.text
            if ["--class", "-c", "--users", "-u", "--hotkey", "-h", "--source", "-s"].contains(option) {
                index += 1
            } else if option == "--id", index + 1 < arguments.count {
                id = arguments[index + 1]
                index += 1
            } else if option.hasPrefix("--id=") {
                id = GrubValue(String(option.dropFirst(5)), doubts: argument.doubts)
            } else if !option.hasPrefix("--") {
                positional.append(argument)
            }
            index += 1
        }
        add(
            GrubPendingEntry(
                title: positional.first ?? GrubValue(""), id: id, arguments: positional, body: block ?? [],
                isSubmenu: isSubmenu, isCertain: state.isCertain, location: GrubLocation(path: path, line: line)))
    }

    private mutating func add(_ entry: GrubPendingEntry) {
        guard state.entries.count < GrubEvaluator.mostEntries else {
            if state.missing.last != "too many entries" { state.missing.append("too many entries") }
            return
        }
        state.entries.append(entry)
    }

    private mutating func linux(_ arguments: [GrubValue], line: Int) {
        guard let kernel = arguments.first else { return }
        state.action = .linux(
            GrubKernel(
                path: kernel, commandLine: GrubEvaluator.join(arguments.dropFirst(), isQuoting: true),
                location: GrubLocation(path: path, line: line)))
    }

    /// Words with spaces between; the loader puts words with spaces into quotes and escapes quotes and backslashes.
    private static func join(_ words: some Sequence<GrubValue>, isQuoting: Bool = false) -> GrubValue {
        var result = GrubValue("")
        for (index, word) in words.enumerated() {
            if index > 0 { result.append(" ", doubts: []) }
            guard isQuoting else {
                result.append(word)
                continue
            }
            var text = ""
            // The text of a placeholder is not a text that the loader would see.
            for character in word.text.unicodeScalars {
                if character == "\\" || character == "\"" || character == "'" { text.unicodeScalars.append("\\") }
                text.unicodeScalars.append(character)
            }
            let hasSpace = word.text.contains(" ") && !word.doubts.contains { $0.kind == .placeholder }
            result.append(hasSpace ? "\"\(text)\"" : text, doubts: word.doubts)
        }
        return result
    }

    /// The entries of the Boot Loader Specification that `blscfg` adds, newest first.
    private mutating func loaderEntries(line: Int) {
        var directory = state.variables["blsdir"] ?? GrubValue("/loader/entries")
        while directory.text.hasSuffix("/"), directory.text.utf8.count > 1 { directory.text.removeLast() }
        let location = GrubLocation(path: path, line: line)
        guard case .directory(let names) = find(directory, command: "blscfg", line: line), let base = directory.path
        else {
            let isAbsent = lookups.last.map { $0.state == .absent } ?? false
            if !isAbsent { state.missing.append("loader entries at \(location) could not be read") }
            state.status = isAbsent ? false : nil
            return
        }
        let sorted = names.filter { $0.hasSuffix(".conf") }.prefix(GrubEvaluator.mostEntries)
            .sorted { VersionOrder.compare($0, $1) > 0 }
        for name in sorted {
            guard step(16) else { return }
            guard case .bytes(let bytes) = files("\(base)/\(name)") else {
                state.missing.append("loader entry '\(base)/\(name)' could not be read")
                continue
            }
            let entry = LoaderEntry(bytes, fileName: name)
            guard let kernel = entry.linux ?? entry.efi else { continue }
            let options = entry.hasOptions ? entry.options : "$default_kernelopts"
            let command = entry.linux == nil ? "chainloader" : "linux"
            let initrds = entry.initrds.isEmpty ? "" : "\ninitrd \(entry.initrds.joined(separator: " "))"
            var parser = GrubParser(Array("\(command) \(kernel) \(options)\(initrds)".utf8))
            add(
                GrubPendingEntry(
                    title: GrubValue(entry.title ?? String(name.dropLast(5))), id: GrubValue(String(name.dropLast(5))),
                    arguments: [], body: parser.script(), isSubmenu: false, isCertain: state.isCertain,
                    location: GrubLocation(path: "\(base)/\(name)", line: 0)))
        }
    }
}
