import AssayAccounts
import AssayBytes
import AssayFacts
import AssayFileSystem

/// The PAM configuration of a subject: every file, read once.
struct AccountPAM {
    /// The directories of services, the one that wins first (pam.d(5)).
    static let directories: [TreePath] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d"]
    /// The most files of one directory.
    static let fileLimit = 2000
    /// Services that open a session for a user.
    static let loginServices = [
        "cockpit", "gdm-autologin", "gdm-fingerprint", "gdm-password", "kde", "lightdm", "lightdm-autologin", "login",
        "remote", "runuser", "runuser-l", "sddm", "sddm-autologin", "sshd", "su", "su-l", "sudo", "sudo-i", "vsftpd",
        "xdm",
    ]
    /// Files that may hold the rules for new passwords where neither `passwd` nor `other` leads to them.
    static let passwordFiles = ["common-password", "system-password", "system-auth", "password-auth"]

    /// What could not be read.
    private(set) var gaps: [Gap] = []
    private var files: [String: PAMFile] = [:]
    private let reader: SubjectReader

    init(_ reader: SubjectReader) {
        self.reader = reader
        var hasDirectory = false
        for directory in AccountPAM.directories {
            switch reader.entries(directory) {
            case .absent: continue
            case .unreadable(let reason):
                hasDirectory = true
                gaps.append(Gap(Place(directory.description), reason: reason))
            case .found(let entries):
                hasDirectory = true
                if entries.count > AccountPAM.fileLimit {
                    gaps.append(Gap(Place(directory.description), reason: "more than \(AccountPAM.fileLimit) files"))
                }
                for entry in entries.prefix(AccountPAM.fileLimit) { read(entry, in: directory) }
            }
        }
        // With a directory, PAM does not look at the file.
        if !hasDirectory, reader.exists("/etc/pam.conf") != false {
            gaps.append(Gap(Place("/etc/pam.conf"), reason: "services of this file are not resolved"))
        }
    }

    private mutating func read(_ entry: DirectoryEntry, in directory: TreePath) {
        let path = directory.appending(entry.name)
        let name = String(decoding: entry.name, as: UTF8.self)
        guard entry.type != .directory, files[name] == nil else { return }
        switch reader.bytes(path) {
        case .absent: return
        case .found(let bytes): files[name] = PAMFile(bytes, path: path.description)
        case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
        }
    }

    private func stack(_ service: String, _ type: PAMModuleType) -> PAMStack {
        PAMStack(service: service, type: type) { name in
            guard name.hasPrefix("/") else { return files[name] }
            let path = TreePath(name)
            return reader.bytes(path).value.map { PAMFile($0, path: path.description) }
        }
    }

    private func gaps(of stack: PAMStack) -> [Gap] {
        stack.problems.map { problem in
            switch problem {
            case .missingFile(let name, let from):
                let place = from.map { Place($0) } ?? Place("/etc/pam.d/" + EscapedText(name).description)
                return Gap(place, reason: "\(EscapedText(name).description) is not there or not readable")
            case .cycle(let name, let from):
                return Gap(Place(from), reason: "\(EscapedText(name).description) includes itself")
            case .tooLarge: return Gap(Place("/etc/pam.d"), reason: "a stack is too large")
            case .malformed(let location): return Gap(Place(location), reason: "not a rule of PAM")
            }
        }
    }

    /// The hashing option of the `pam_unix.so` that sets new passwords, in the words of pam_unix(8).
    ///
    /// A stack that PAM refuses, or that could not be read in full, is unreadable.
    func passwordMethod() -> Observation<String> {
        let place = Place("/etc/pam.d/passwd")
        guard !files.isEmpty else {
            return gaps.first.map { .unreadable($0.place, reason: $0.reason) } ?? .absent(place)
        }
        var stacks = [stack("passwd", .password)]
        if stacks[0].isFallback || files["passwd"] == nil {
            stacks += AccountPAM.passwordFiles.filter { files[$0] != nil }.map { stack($0, .password) }
        }
        guard let chosen = stacks.first(where: { !$0.passwordHashing.isEmpty }),
            let first = chosen.passwordHashing.first
        else {
            let problems = stacks.first.map { gaps(of: $0) } ?? []
            return problems.first.map { .unreadable($0.place, reason: $0.reason) } ?? .absent(place)
        }
        if let problem = gaps(of: chosen).first { return .unreadable(problem.place, reason: problem.reason) }
        // Where the module is called more than once, the weakest call counts.
        let strength: [PasswordHash.Scheme] = [.bcrypt, .sha512crypt, .gostYescrypt, .yescrypt]
        func rank(_ hashing: PAMPasswordHashing) -> Int {
            hashing.scheme.map { strength.firstIndex(of: $0).map { $0 + 2 } ?? 0 } ?? 1
        }
        let weakest = chosen.passwordHashing.min { rank($0) < rank($1) } ?? first
        return .found(weakest.scheme.map { AccountPAM.option($0) } ?? "default", Place(weakest.location))
    }

    /// The argument of pam_unix that asks for a method.
    static func option(_ scheme: PasswordHash.Scheme) -> String {
        switch scheme {
        case .sha512crypt: "sha512"
        case .sha256crypt: "sha256"
        case .md5crypt: "md5"
        case .bcrypt: "blowfish"
        case .gostYescrypt: "gost_yescrypt"
        default: scheme.rawValue
        }
    }

    /// Sorts the login services by whether their sessions reach `pam_namespace.so`.
    func collectSessions(_ facts: inout AccountFacts) {
        for service in AccountPAM.loginServices {
            guard let file = files[service] else { continue }
            let stack = stack(service, .session)
            if let call = stack.calls(of: "pam_namespace").first {
                facts.namespaceServices.append(Sourced(service, Place(call.location)))
            } else {
                let path = file.rules.first?.location.path ?? "/etc/pam.d/" + service
                facts.otherLoginServices.append(Sourced(service, Place(EscapedText(path).description)))
            }
            for gap in gaps(of: stack) where !facts.gaps.contains(gap) { facts.gaps.append(gap) }
        }
    }
}
