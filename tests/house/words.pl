#!/usr/bin/perl
# Holds sources and documents to tests/house/words.txt. Usage: words.pl SRCDIR. One line per fault; status 1 if any.
use strict;
use warnings;

my ($srcdir) = @ARGV;
chdir $srcdir or die "$srcdir: $!\n";
my @files = split /\n/, `find src include doc examples plots tests README.md CONTRIBUTING.md CHANGELOG.md quickstart -type f`;
@files = sort grep { /\.(c|h|def|md|sh|pl|py|am|mk|gp|yaml|slurm)$|^quickstart$/ && !m{^tests/house/words} } @files;

my @rules;
open my $in, '<', 'tests/house/words.txt' or die "tests/house/words.txt: $!\n";
while (<$in>) {
    chomp;
    next if /^#/ || /^\s*$/;
    my @part = split / \| /;
    die "tests/house/words.txt:$.: expected a pattern, files and a word, separated by ' | '\n" if @part != 3;
    my ($pattern, $where, $word) = @part;
    my $prose = $where eq 'prose';
    my @globs = map { my $glob = quotemeta $_; $glob =~ s/\\\*/.*/g; qr/^$glob$/ } split / /, $where;
    push @rules, {pattern => qr/$pattern/, prose => $prose, globs => \@globs, word => $word};
}
close $in;

my $faults = 0;
for my $file (@files) {
    my @active = grep { my $rule = $_; $rule->{prose} || grep { $file =~ $_ } @{$rule->{globs}} } @rules;
    open my $text, '<', $file or die "$file: $!\n";
    while (my $line = <$text>) {
        for my $rule (@active) {
            next unless $line =~ $rule->{pattern};
            print "$file:$.: '$&': say $rule->{word}\n";
            $faults++;
        }
    }
    close $text;
}
exit($faults ? 1 : 0);
