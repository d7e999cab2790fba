/// `/etc/kernel/cmdline`: the command line that kernel-install writes into the next entry that it makes.
///
/// Line ends count as spaces; `#` begins a comment line from systemd v256 on and is a word of the command line before.
/// <https://www.freedesktop.org/software/systemd/man/kernel-install.html>
public struct KernelInstallCommandLine: Hashable, Sendable {
    /// The command line.
    public let text: String
    /// Lines that begin with a number sign, which are not in `text`.
    ///
    /// Whether they are comments depends on the version of systemd.
    public let commentLines: [Int]

    /// Reads `bytes`.
    public init(_ bytes: [UInt8]) {
        var words: [Substring] = []
        var comments: [Int] = []
        for (line, text) in TextRecord.lines(bytes) where !text.isEmpty {
            if text.utf8.first == UInt8(ascii: "#") { comments.append(line) } else { words.append(text) }
        }
        text = words.joined(separator: " ")
        commentLines = comments
    }
}
