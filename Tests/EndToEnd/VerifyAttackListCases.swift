extension VerifyAttack {
    /// Genuine files, and lists or images that are not what they should be.
    static let listCases: [VerifyAttack] = [
        VerifyAttack(0, "detached, binary", "list; sign vendor"),
        VerifyAttack(0, "detached, armored", "SIG=SHA256SUMS.asc; list; sign vendor --armor"),
        VerifyAttack(0, "clearsigned", "LIST=CHECKSUM SIG=; sha256sum $ISO > text; clear vendor"),
        VerifyAttack(
            0, "clearsigned, BSD lines of two algorithms",
            """
            LIST=CHECKSUM SIG=; sha256sum --tag $ISO > text; sha512sum --tag $ISO >> text; clear vendor
            """),
        VerifyAttack(
            0, "SHA512SUMS",
            """
            CHECK=sha512sum LIST=SHA512SUMS SIG=SHA512SUMS.sign; sha512sum $ISO > $LIST; sign vendor
            """),
        VerifyAttack(0, "CRLF, signed as it is", #"list; sed -i 's/$/\r/' SHA256SUMS; sign vendor"#),
        VerifyAttack(
            0, "a list of many files",
            """
            (echo "$B  vendor-1.0-aarch64.iso"; echo "$H *$ISO"; echo "$B  vendor-0.9-x86_64.iso") > SHA256SUMS
            sign vendor
            """),
        VerifyAttack(0, "signed by a subkey", #"KEY=subkey; list; sign subkey --local-user "$SUBKEY!""#),
        VerifyAttack(
            0, "made before a key's expiry that is still to come",
            """
            KEY=renewed; list; at 20200601 -u expired --output "$SIG" --detach-sign "$LIST"
            """),
        VerifyAttack(
            0, "a signed image that is what it is expected to be",
            """
            cp $BASE/x86.iso $ISO; list; sign vendor; OPTIONS="--expect arch=x86_64,version=1.0"
            """),
        VerifyAttack(0, "a store of pinned keys", #"list; sign vendor; OPTIONS="--keys $BASE/store"; PINS="#),
        VerifyAttack(
            2, "the list names only another release",
            """
            echo "$H  vendor-0.9-x86_64.iso" > SHA256SUMS; cp $ISO vendor-0.9-x86_64.iso; sign vendor
            """),
        VerifyAttack(
            2, "the list names only another architecture",
            """
            echo "$H  vendor-1.0-aarch64.iso" > SHA256SUMS; cp $ISO vendor-1.0-aarch64.iso; sign vendor
            """),
        VerifyAttack(2, "an older release under the new name", "list; sign vendor; printf old >> $ISO"),
        VerifyAttack(
            2, "a genuine older list and signature",
            """
            (echo "$B  $ISO") > SHA256SUMS; at 20210101 -u vendor --output "$SIG" --detach-sign "$LIST"
            """),
        VerifyAttack(
            2, "a signed image that boots on another architecture",
            """
            cp $BASE/arm.iso $ISO; list; sign vendor
            """),
        VerifyAttack(
            2, "a signed image of another version than expected",
            """
            cp $BASE/x86.iso $ISO; list; sign vendor; OPTIONS="--expect version=2.0"
            """),
        VerifyAttack(
            2, "a signed image of version 0.9 under the name of 1.0",
            """
            cp $BASE/old.iso $ISO; list; sign vendor
            """),
        VerifyAttack(3, "one digit of the list flipped", #"list; sign vendor; sed -i "1s/^./$DIGIT/" SHA256SUMS"#),
        VerifyAttack(3, "the list and the image changed together", "list; sign vendor; printf X >> $ISO; list"),
        VerifyAttack(
            3, "one byte of the image flipped",
            """
            list; sign vendor; printf X | dd of=$ISO bs=1 seek=999 conv=notrunc 2>/dev/null
            """),
        VerifyAttack(3, "the image truncated", "list; sign vendor; truncate -s -1 $ISO"),
        VerifyAttack(
            5, "a line before the clearsigned block",
            """
            LIST=CHECKSUM SIG=; cp $ISO other.iso; echo "$H  other.iso" > text; clear vendor
            (echo "$H  $ISO"; cat CHECKSUM) > x; mv x CHECKSUM
            """),
        VerifyAttack(
            5, "a line after the clearsigned block",
            """
            LIST=CHECKSUM SIG=; cp $ISO other.iso; echo "$H  other.iso" > text; clear vendor
            echo "$H  $ISO" >> CHECKSUM
            """),
        VerifyAttack(
            5, "a genuine block, contradicted by a line before it",
            """
            LIST=CHECKSUM SIG=; echo "$H  $ISO" > text; clear vendor; (echo "$B  $ISO"; cat CHECKSUM) > x
            mv x CHECKSUM
            """),
        VerifyAttack(
            5, "a line in the header of the clearsigned block",
            """
            LIST=CHECKSUM SIG=; echo "$B  other.iso" > text; clear vendor; sed -i "2i $H  $ISO" CHECKSUM
            """),
        VerifyAttack(
            5, "a line that looks like a header",
            #"""
            LIST=CHECKSUM SIG=; echo "$B  other.iso" > text; clear vendor
            sed -i "2i Comment: x\n$H  $ISO" CHECKSUM
            """#),
        VerifyAttack(
            5, "a block inside a block",
            """
            LIST=CHECKSUM SIG=; echo "$H  $ISO" > text; clear vendor
            (sed -n 1,3p CHECKSUM; cat CHECKSUM; sed 1,4d CHECKSUM) > x; mv x CHECKSUM
            """),
        VerifyAttack(
            5, "two clearsigned blocks, the second another's",
            """
            LIST=CHECKSUM SIG=; echo "$B  other.iso" > text; clear vendor; mv CHECKSUM one
            echo "$H  $ISO" > text; clear other; cat CHECKSUM >> one; mv one CHECKSUM
            """),
        VerifyAttack(9, "a path upward", #"cp $ISO ../$ISO; echo "$H  ../$ISO" > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "an absolute path", #"echo "$H  $PWD/$ISO" > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "standard input", #"echo "$H  -" > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "two stars", #"echo "$H **$ISO" > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "a blank behind the name", #"echo "$H  $ISO " > SHA256SUMS; sign vendor"#),
        VerifyAttack(
            9, "an escaped line feed in the name",
            #"""
            printf '\\%s  %s\\n\n' $H $ISO > SHA256SUMS; sign vendor
            """#),
        VerifyAttack(9, "two entries, two digests", #"(echo "$H  $ISO"; echo "$B  $ISO") > SHA256SUMS; sign vendor"#),
        VerifyAttack(
            9, "two folders, two digests",
            """
            (echo "$H  a/$ISO"; echo "$B  b/$ISO") > SHA256SUMS; sign vendor
            """),
        VerifyAttack(
            9, "a carriage return in the name",
            #"""
            printf '%s  vendor\r-1.0-x86_64.iso\n' $H > SHA256SUMS; sign vendor
            """#),
        VerifyAttack(9, "a zero byte behind the name", #"printf '%s  %s\0.old\n' $H $ISO > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "a byte order mark", #"printf '\357\273\277%s  %s\n' $H $ISO > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "another case", #"echo "$H  Vendor-1.0-x86_64.ISO" > SHA256SUMS; sign vendor"#),
        VerifyAttack(9, "an empty list", ": > SHA256SUMS; sign vendor"),
    ]
}
