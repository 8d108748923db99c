/** The example test_shm_mq. JLine is there when there is a prompt; a host without one needs none. */
@Header(name = "Import-Package", value = "org.jline.terminal;version='[3.20,5)';resolution:=optional,*")
package test_shm_mq;

import org.osgi.annotation.bundle.Header;
