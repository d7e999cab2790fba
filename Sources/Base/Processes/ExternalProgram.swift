import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program of the user's, run with an argument array and never through a shell.
public struct ExternalProgram: Hashable, Sendable {
    /// Why a program did not give what was asked of it.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The sentence for people.
        public let description: String
    }

    /// The program, found in `PATH` unless it has a slash, and its arguments.
    public let words: [String]

    /// Makes it of the program and its arguments; `words` has at least the program.
    public init(words: [String]) { self.words = words }

    /// Splits a command line into words at spaces; quotes and backslashes keep them together, as in a shell.
    ///
    /// Nothing else of a shell's language is known: no variables, no redirection, no second command.
    ///
    /// - Throws: `Failure` for a quote that is not closed, and for no word at all.
    public init(commandLine: String) throws(Failure) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in commandLine {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
                word = word ?? ""
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" || character == "\n" {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { throw Failure(description: "a quote or backslash at the end is open") }
        if let word { words.append(word) }
        guard let first = words.first, !first.isEmpty else { throw Failure(description: "there is no program to run") }
        self.words = words
    }

    /// The most bytes that a program is given: what a pipe holds on every Linux (pipe(7)).
    public static let inputLimit = 4096

    /// Runs the program with `input` on standard input; its standard error is ours.
    ///
    /// - Parameters:
    ///   - input: at most `inputLimit` bytes.
    ///   - limit: the most bytes that it may write to standard output.
    ///   - timeLimit: how long it may run; nil for as long as it wants, as one that asks for a passphrase does.
    /// - Returns: what it wrote.
    /// - Throws: `Failure` when it cannot be started, writes too much, takes too long, or ends with another status than 0.
    public func run(
        input: [UInt8], limit: Int, timeLimit: Duration? = nil
    ) async throws(Failure) -> [UInt8] {
        guard let timeLimit else { return try await run(input: input, limit: limit) }
        let result = await withTaskGroup(of: Result<[UInt8], Failure>?.self) { group in
            group.addTask {
                do throws(Failure) {
                    return .success(try await run(input: input, limit: limit))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(for: timeLimit)
                return nil
            }
            let first = await group.next() ?? nil
            // The program is ended with the task that waits for it.
            group.cancelAll()
            return first
        }
        guard let result else {
            throw Failure(description: "'\(words.first ?? "")' was ended: it took longer than \(timeLimit)")
        }
        return try result.get()
    }

    private func run(input: [UInt8], limit: Int) async throws(Failure) -> [UInt8] {
        precondition(input.count <= ExternalProgram.inputLimit, "more input than a pipe surely holds")
        let name = words.first ?? ""
        let executable: Executable = name.contains("/") ? .path(FilePath(name)) : .name(name)
        let status: TerminationStatus
        let output: [UInt8]
        do {
            // The pipe is filled before the program starts: a program that ends without reading is no error of ours, and
            // Subprocess's own writer stops the process there (1.0.2).
            let (reader, writer) = try FileDescriptor.pipe()
            try writer.closeAfter { _ = try writer.writeAll(input) }
            let result = try await Subprocess.run(
                executable, arguments: Arguments(Array(words.dropFirst())),
                input: .fileDescriptor(reader, closeAfterSpawningProcess: true), output: .bytes(limit: limit),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
            status = result.terminationStatus
            output = result.standardOutput
        } catch {
            throw Failure(description: "'\(name)' could not be run: \(error)")
        }
        switch status {
        case .exited(0): return output
        case .exited(let code): throw Failure(description: "'\(name)' ended with status \(code)")
        case .signaled(let signal): throw Failure(description: "'\(name)' was ended by signal \(signal)")
        }
    }
}
