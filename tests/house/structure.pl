#!/usr/bin/perl
# The structure that doc/design.md states, held against the code:
#
#   includes    every include of one module's header by another is an arrow of the table under "## Modules"; so is every
#               call, which the symbols of the objects show; libraries' headers are included where the table under
#               "## Libraries" allows it, and nowhere else
#   circles     the files of one module, a .c with its .h as one, do not depend on each other in a circle, by what
#               they include and by the symbols they use
#   headers     an extern symbol of x.c is declared in x.h beside it, or in a header whose opening comment names x.c;
#               a public header names its module
#   names       two files of different folders share a basename only if doc/design.md says so; extern symbols begin
#               with zsc_; a struct, union or enum is named once
#
# Usage: structure.pl SRCDIR BUILDDIR. Prints one line per fault; the exit status is 1 if there is any.
use strict;
use warnings;

my ($srcdir, $builddir) = @ARGV;
my @faults;
my (%module_use, %library_place, %shared_basename);

sub read_lines { my ($path) = @_; open my $in, '<', $path or die "$path: $!\n"; my @lines = <$in>; close $in; return @lines; }

# --- the tables of doc/design.md
my $section = '';
for (read_lines("$srcdir/doc/design.md")) {
    $section = $1 if /^## (.*\S)/;
    $shared_basename{$_} = 1 for $section eq 'Names' ? /`(\w+\.[ch])`/g : ();
    next unless /^\|/;
    my (undef, @cell) = split /\s*\|\s*/;
    if ($section eq 'Modules' && $cell[0] =~ /^`src\/(\w+)`$/) {
        my $module = $1;
        $module_use{$module} = {map { $_ => 1 } ($cell[2] // "") =~ /\b(\w+)\b/g};
    } elsif ($section eq 'Libraries' && $cell[0] =~ /^`(\S+\.h)`/) {
        my @headers = $cell[0] =~ /`(\S+?\.h)`/g;
        my @places = $cell[1] =~ /`(\S+?)`/g;
        $library_place{$_} = \@places for @headers;
    }
}
%module_use or die "doc/design.md: no table of modules\n";

# Which module a public header belongs to.
my %public_module;
for my $path (glob "$srcdir/include/zsc/*.h") {
    my ($name) = $path =~ m{([^/]+)$};
    my $text = join '', read_lines($path);
    $public_module{"zsc/$name"} = $text =~ /^ \* Module: src\/(\w+)/m ? $1 : '';
    push @faults, "include/zsc/$name: no line ' * Module: src/...' in its opening comment" if $name ne 'zsc.h' && !$public_module{"zsc/$name"};
}

# --- files, includes
my @files = split /\n/, `cd '$srcdir' && find src -name '*.[ch]' | sort`;
my (%text, %unit_of, %includes);
for my $file (@files) {
    $text{$file} = join '', read_lines("$srcdir/$file");
    (my $unit = $file) =~ s/\.[ch]$//;
    $unit_of{$file} = $unit;
    for ($text{$file} =~ /^\s*#\s*include\s+(["<][^">]+)[">]/mg) { push @{$includes{$file}}, $_; }
}
for my $path (keys %public_module) { $text{"include/$path"} = join '', read_lines("$srcdir/include/$path"); }

sub module_of { my ($file) = @_; return $file =~ m{^src/(\w+)/} ? $1 : ''; }

my %edge; # unit -> unit, within a module
for my $file (@files) {
    my $from = module_of($file);
    push @faults, "$file: module $from is not in the table of doc/design.md" if !$module_use{$from};
    for my $include (@{$includes{$file} || []}) {
        my $kind = substr $include, 0, 1;
        my $name = substr $include, 1;
        if ($kind eq '<') {
            my $places = $library_place{$name} or next;
            push @faults, "$file: <$name> belongs in @$places" unless grep { index($file, "src/$_") == 0 } @$places;
            next;
        }
        my $to = $public_module{$name};
        $to = module_of("src/$name") if !defined $to;
        next if $to eq '';
        push @faults, "$file: includes $name, and doc/design.md does not let $from use $to" if $to ne $from && !$module_use{$from}{$to};
        (my $unit = "src/$name") =~ s/\.h$//;
        $edge{$unit_of{$file}}{$unit} = 1 if $to eq $from && -e "$srcdir/src/$name" && $unit ne $unit_of{$file};
    }
}

# --- symbols of the objects
my (%definer, %undefined, %objects);
my %source; # object -> its file; without static libraries, libtool has objects in .libs alone
for my $file (grep { /\.c$/ } @files) {
    my ($folder, $base) = $file =~ m{^(.*)/(\w+)\.c$};
    $source{$_} = $file for grep { -e } map { ("$builddir/$folder/$_$base.o", glob "$builddir/$folder/$_*-$base.o") } '', '.libs/';
}
$objects{$_}++ for values %source;
die "no objects below $builddir/src: build first\n" if !%source;
open my $symbols, '-|', 'nm', '-A', sort keys %source or die "nm: $!\n"; # one process for all of them
while (<$symbols>) {
    my ($object, $type, $name) = /^(.*?\.o):.*?([A-Za-z])\s+(\S+)$/ or next;
    next if $name =~ /^(__|_GLOBAL)/;
    my $file = $source{$object};
    if ($type =~ /^[TDBRC]$/) { $definer{$name} = $file; }
    elsif ($type eq 'U') { $undefined{$file}{$name} = 1; }
}
close $symbols;
my @unbuilt = grep { /\.c$/ && !$objects{$_} } @files;
die "no objects of @unbuilt below $builddir/src: build first\n" if @unbuilt > 2; # MPI or igraph may be left out
for my $file (sort keys %undefined) {
    my $from = module_of($file);
    for my $name (sort keys %{$undefined{$file}}) {
        my $other = $definer{$name} or next;
        my $to = module_of($other);
        if ($to eq $from) { $edge{$unit_of{$file}}{$unit_of{$other}} = 1 if $unit_of{$file} ne $unit_of{$other}; }
        elsif (!$module_use{$from}{$to}) { push @faults, "$file: calls $name of $other, and doc/design.md does not let $from use $to"; }
    }
}

# --- circles: strongly connected components (Tarjan)
my ($count, %number, %low, @stack, %on_stack) = (0);
sub visit;
sub visit {
    my ($unit) = @_;
    $number{$unit} = $low{$unit} = ++$count;
    push @stack, $unit;
    $on_stack{$unit} = 1;
    for my $next (sort keys %{$edge{$unit} || {}}) {
        if (!$number{$next}) { visit($next); $low{$unit} = $low{$next} if $low{$next} < $low{$unit}; }
        elsif ($on_stack{$next}) { $low{$unit} = $number{$next} if $number{$next} < $low{$unit}; }
    }
    return if $low{$unit} != $number{$unit};
    my @component;
    do { push @component, pop @stack; $on_stack{$component[-1]} = 0; } until $component[-1] eq $unit;
    push @faults, 'a circle: ' . join(', ', sort @component) if @component > 1;
}
visit($_) for grep { !$number{$_} } sort keys %edge;

# --- headers and names
sub head_of { my ($header) = @_; return $text{$header} =~ m{^\s*(/\*.*?\*/)}s ? $1 : ''; }
sub names_file { # whether a comment names the file, or a pattern of it such as cmd_*.c
    my ($comment, $base) = @_;
    for my $pattern ($comment =~ /([\w*]+\.c)\b/g) {
        (my $expression = quotemeta $pattern) =~ s/\\\*/\\w*/g;
        return 1 if $base =~ /^$expression$/;
    }
    return 0;
}
my %declared; # symbol -> headers
for my $header (grep { /\.h$/ } keys %text) {
    (my $code = $text{$header}) =~ s{/\*.*?\*/}{}gs;
    push @{$declared{$_}}, $header for $code =~ /\b(\w+)\s*(?=[\(\[;=])/g;
}
for my $name (sort keys %definer) {
    my $file = $definer{$name};
    next if $name eq 'main';
    push @faults, "$file: $name is extern and does not begin with zsc_ or cli_" if $name !~ /^zsc_/ && !($file =~ m{^src/cli/} && $name =~ /^cli_/);
    next if $name =~ /_(plain|avx2|avx512|neon)$/;
    my ($base) = $file =~ m{([^/]+)$};
    (my $own = $file) =~ s/\.c$/.h/;
    my @headers = @{$declared{$name} || []};
    if (!@headers) { push @faults, "$file: $name is extern and in no header"; next; }
    next if grep { $_ eq $own || names_file(head_of($_), $base) } @headers;
    push @faults, "$file: $name is declared in $headers[0], which neither stands beside it nor names $base in its opening comment";
}
my (%basename, %tag);
for my $file (@files) {
    my ($base) = $file =~ m{([^/]+)$};
    push @faults, "$file and $basename{$base} share a basename" if $basename{$base} && !$shared_basename{$base};
    $basename{$base} ||= $file;
}
for my $file (sort keys %text) {
    (my $code = $text{$file}) =~ s{/\*.*?\*/}{}gs;
    for my $name ($code =~ /\b(?:struct|union|enum)\s+(zsc_\w+)\s*\{/g) {
        push @faults, "$file and $tag{$name} both define a type $name" if $tag{$name} && $tag{$name} ne $file;
        $tag{$name} ||= $file;
    }
}

print "$_\n" for @faults;
exit(@faults ? 1 : 0);
